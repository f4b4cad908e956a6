"""The pages of laws show what holds, since when, and what will change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from markupsafe import Markup

from intranet.extensions import db
from intranet.laws.importing import import_archive, import_demo_texts
from intranet.laws.queries.linking import link_references
from tests.browser import Browser
from tests.cast import Cast
from tests.laws.builders import archive, chapter, law, paragraph

LogIn = Callable[[int], Browser]
AML = law(
    "lov/2005-06-17-62",
    chapter(
        "Kapittel 2 A. Varsling",
        paragraph("2 A-1", "Rett til å varsle", "Arbeidstaker kan varsle."),
        paragraph(
            "2 A-3",
            "Aktivitetsplikt",
            "Arbeidsgiver skal undersøke.",
            notes="Endres ved lov 20 juni 2025 nr. 74 (i kraft 1 juli 2026 iflg. res. 10 april 2026 "
            "nr. 675 ).",
        ),
        paragraph("2 A-9", "(Opphevet)"),
    ),
    title="Lov om arbeidsmiljø (arbeidsmiljøloven)",
    short="Arbeidsmiljøloven – aml",
)


@pytest.fixture
def reader(app: Flask, people: Cast, log_in: LogIn) -> Browser:
    """A nurse who is logged in."""
    return log_in(people.ingrid)


def bring(app: Flask, *documents: bytes, as_of: date = date(2026, 6, 18)) -> None:
    with app.app_context():
        import_archive(archive(*documents), "p", as_of=as_of)
        db.session.remove()


def test_a_law_and_each_paragraph_give_their_citation_without_scripts_too(
    app: Flask, reader: Browser
) -> None:
    bring(app, AML)
    page = reader.get("/lover/lov/2005-06-17-62")
    whole = "lov 17. juni 2005 nr. 62 om arbeidsmiljø (arbeidsmiljøloven)"
    cited = [each.text_content() for each in page.find("//details/p[@class='law__citation']")]
    assert cited == [
        whole,
        *(f"{whole} §\N{NO-BREAK SPACE}2\N{NO-BREAK SPACE}A-{n}" for n in (1, 3, 9)),
    ]
    links = [each.get("href") for each in page.find("//p[@class='law__copy']/a")]
    assert links[:2] == ["/lover/lov/2005-06-17-62", "/lover/lov/2005-06-17-62#p-2-A-1"]
    assert page.find("//button[@data-copy][not(@hidden)]") == []
    assert len(page.find("//*[@id='copy-status'][@role='status']")) == 1


def test_law_page_shows_paragraphs_with_anchors_of_their_own(app: Flask, reader: Browser) -> None:
    bring(app, AML)
    page = reader.get("/lover/lov/2005-06-17-62")
    assert page.status == 200
    assert page.heading == "Arbeidsmiljøloven"
    assert [row.get("id") for row in page.find("//section[@data-kind='section']")] == [
        "p-2-A-1",
        "p-2-A-3",
        "p-2-A-9",
    ]
    assert "#p-2-A-1" in page.links()
    assert "I kraft" in page.text
    assert "Utgave per 18. juni 2026" in page.text
    assert "NLOD 2.0" in page.text
    assert any(link.startswith("https://lovdata.no/dokument/NL/") for link in page.links())
    assert len(page.queries) <= 7


def test_law_page_warns_of_a_wording_that_has_been_replaced(app: Flask, reader: Browser) -> None:
    """law.md 0.2: the consolidated text shows the old wording after the change has taken effect"""
    bring(app, AML)
    page = reader.get("/lover/lov/2005-06-17-62")
    (warning,) = page.find("//section[@id='p-2-A-3']//p[contains(@class,'law__warning')]")
    words = warning.text_content()
    assert "1. juli 2026" in words
    assert "Endres ved lov 20 juni 2025" in page.text


@pytest.mark.parametrize(
    ("in_force", "words"),
    [
        ("Kongen bestemmer", "Ikke satt i kraft"),
        ("2999-01-01", "Ikke i kraft ennå"),
        ("2001-01-01 – 2002-01-01", "Gjaldt til og med"),
        ("2001-01-01, Kongen bestemmer", "Deler av den er ikke satt i kraft"),
    ],
)
def test_law_that_does_not_hold_says_so_at_its_top(
    app: Flask, reader: Browser, in_force: str, words: str
) -> None:
    bring(app, law(in_force=in_force))
    assert words in reader.get("/lover/lov/2001-01-05-1").text


def test_long_law_opens_at_the_chapter_of_the_paragraph(app: Flask, reader: Browser) -> None:
    chapters = [
        chapter(
            f"Kapittel {number}",
            *(
                paragraph(f"{number}-{row}", "Tittel", f"Ledd {number}-{row}.")
                for row in range(1, 61)
            ),
        )
        for number in range(1, 9)
    ]
    bring(app, law("lov/2001-01-05-1", *chapters))
    first = reader.get("/lover/lov/2001-01-05-1")
    assert "Ledd 1-60." in first.text
    assert "Ledd 2-1." not in first.text
    assert "Del 1 av 8" in first.text
    there = reader.get("/lover/lov/2001-01-05-1?p=p-7-3")
    assert there.find("//section[@id='p-7-3']")
    assert "/lover/lov/2001-01-05-1?del=2#p-3-1" in there.links()
    with app.app_context():
        linked = link_references("prøveloven § 7-3")
    assert 'href="/lover/lov/2001-01-05-1?p=p-7-3#p-7-3"' in linked


@pytest.mark.parametrize(
    "path",
    [
        "/lover/lov/1999-01-01-1",
        "/lover/lov/%00",
        "/lover/../../etc/passwd",
        "/lover/x" * 50,
        "/lover/lov/2005-06-17-62'--",
    ],
)
def test_unknown_law_is_not_found(app: Flask, reader: Browser, path: str) -> None:
    """IN-08, IN-09"""
    assert reader.get(path).status in (400, 404)


@pytest.mark.parametrize(
    "query",
    ["del=99999999999", "del=-1", "del=１", "p=" + "x" * 5000, "p=%00", "p='--", "del=1&del=2"],
)
def test_strange_parameters_show_the_law_all_the_same(
    app: Flask, reader: Browser, query: str
) -> None:
    """IN-05, IN-08, IN-14"""
    bring(app, AML)
    assert reader.get(f"/lover/lov/2005-06-17-62?{query}").status == 200


def test_list_finds_laws_by_name_and_abbreviation(app: Flask, reader: Browser) -> None:
    regulation = law(
        "forskrift/2001-01-05-1", short="Prøveforskriften", title="Forskrift om prøver"
    )
    amending = law("lov/2001-01-05-3", short="Endringslov til aml", title="Lov om endringer i aml")
    bring(app, AML, regulation, amending)

    def found(query: str) -> list[str]:
        page = reader.get(f"/lover?{query}")
        assert page.status == 200
        assert len(page.queries) <= 6
        return sorted(
            {link for link in page.links() if link.startswith(("/lover/lov/", "/lover/forskrift/"))}
        )

    assert found("q=AML") == ["/lover/lov/2001-01-05-3", "/lover/lov/2005-06-17-62"]
    assert found("") == ["/lover/forskrift/2001-01-05-1", "/lover/lov/2005-06-17-62"]
    assert found("type=forskrift") == ["/lover/forskrift/2001-01-05-1"]
    assert found("q=100%25") == []
    assert len(found("q=" + "a+" * 90 + "&etter=99&type=x")) == 2
    assert found("q=%00%27--") == []


def test_list_pages_by_key_and_shows_each_law_once(app: Flask, reader: Browser) -> None:
    bring(app, *(law(f"lov/2001-01-05-{n}", short=f"Lik {n % 3}") for n in range(1, 121)))
    seen: list[str] = []
    address = "/lover?type=lov"
    for _page in range(4):
        page = reader.get(address)
        seen += [link for link in page.links() if link.startswith("/lover/lov/")]
        following = [link for link in page.links() if "etter=" in link]
        if not following:
            break
        address = following[0]
    assert len(seen) == len(set(seen)) == 120


def test_empty_library_of_laws_says_so(app: Flask, reader: Browser) -> None:
    assert "Ingen lover er hentet inn ennå." in reader.get("/lover").text


def test_demonstration_text_says_that_it_is_one(app: Flask, reader: Browser) -> None:
    with app.app_context():
        import_demo_texts()
        db.session.remove()
    page = reader.get("/lover/lov/2005-06-17-62")
    assert "Forkortet demonstrasjonstekst" in page.text
    assert "NLOD" not in " ".join(row.text_content() for row in page.find("//aside"))
    assert page.find("//section[@id='p-2-A-1']")


def test_stranger_is_sent_to_log_in(app: Flask, client: Browser) -> None:
    """AZ: closed by default"""
    for path in ("/lover", "/lover/lov/2005-06-17-62"):
        page = client.get(path, follow_redirects=False, inspect=False)
        assert (page.status, "/logg-inn" in page.location) == (302, True)


def test_references_become_links_outside_of_other_links(context: Flask) -> None:
    import_archive(archive(AML), "p", as_of=date(2026, 6, 18))
    text = Markup(
        '<p>Se aml. § 2 A-1 &amp; <a href="/x">aml § 2 A-3</a> <code>aml § 2 A-3</code></p>'
    )
    assert link_references(text) == (
        '<p>Se <a class="law-reference" href="/lover/lov/2005-06-17-62#p-2-A-1">aml. §\u00a02 A-1</a> '
        '&amp; <a href="/x">aml § 2 A-3</a> <code>aml § 2 A-3</code></p>'
    )
    assert link_references("<b>aml § 2 A-1") == (
        '&lt;b&gt;<a class="law-reference" href="/lover/lov/2005-06-17-62#p-2-A-1">aml §\u00a02 A-1</a>'
    )


def test_a_link_never_ends_its_line_between_the_sign_and_the_number(context: Flask) -> None:
    import_archive(archive(AML), "p", as_of=date(2026, 6, 18))
    # As a line of Markdown breaks, and as someone typed two spaces.
    for typed in ("aml §\n2 A-1", "aml §  2 A-1"):
        assert "§\u00a02 A-1</a>" in link_references(typed)
