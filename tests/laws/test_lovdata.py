"""Documents in Lovdata's structure become law texts, whatever else they hold."""

from __future__ import annotations

from datetime import date

import pytest

from intranet.laws.archive import ArchiveRefused, Refusal
from intranet.laws.lovdata import parse_law
from intranet.laws.texts import LawKind, NodeKind, section_key
from tests.laws.builders import chapter, law, paragraph


def test_header_gives_names_ministries_and_dates() -> None:
    read = parse_law(
        law(
            "lov/2005-06-17-62",
            title="Lov om arbeidsmiljø (arbeidsmiljøloven)",
            short="Arbeidsmiljøloven – aml",
            ministry="Landbruks- og matdepartementetNærings- og fiskeridepartementet",
            in_force="2006-01-01, Kongen bestemmer",
        )
    )
    assert (read.refid, read.kind) == ("lov/2005-06-17-62", LawKind.LAW)
    assert (read.short_title, read.aliases) == ("Arbeidsmiljøloven", ("aml",))
    assert read.ministries == ("Landbruks- og matdepartementet", "Nærings- og fiskeridepartementet")
    assert read.in_force_on == date(2006, 1, 1)
    assert not read.is_amending


@pytest.mark.parametrize(
    ("text", "first", "until"),
    [
        ("Kongen bestemmer", None, None),
        ("2020-04-01 – 2026-06-30", date(2020, 4, 1), date(2026, 6, 30)),
        ("2020-04-01, oppheves 2027-01-01", date(2020, 4, 1), date(2027, 1, 1)),
        ("Inntektsåret 2024", date(2024, 1, 1), None),
        ("2020-02-30", date(2020, 1, 1), None),
        ("", None, None),
    ],
)
def test_period_in_force_is_read_from_words(
    text: str, first: date | None, until: date | None
) -> None:
    read = parse_law(law(in_force=text))
    assert (read.in_force_on, read.in_force_until) == (first, until)


def test_paragraphs_keep_number_title_ledd_lists_and_notes() -> None:
    body = chapter(
        "Kapittel 2 A. Varsling",
        paragraph(
            "2 A-1",
            "Rett til å varsle",
            "Arbeidstaker kan varsle.",
            'Det gjelder<ul class="defaultList"><li data-li-identifier="a."><article '
            'class="listArticle"><article class="legalP">fare for liv</article></article></li>'
            '<li data-li-identifier="-"><article class="listArticle"><article class="legalP">'
            "korrupsjon</article></article></li></ul>",
            notes="Endret ved lov 20 juni 2025 nr. 45.",
        ),
    )
    heading, node = parse_law(law("lov/2001-01-05-1", body)).nodes
    assert (heading.kind, heading.title) == (NodeKind.HEADING, "Kapittel 2 A. Varsling")
    assert (node.section, node.title, node.anchor) == ("2 A-1", "Rett til å varsle", "p-2-A-1")
    assert node.chapter == "Kapittel 2 A. Varsling"
    assert node.text == "Arbeidstaker kan varsle.\nDet gjelder\na. fare for liv\nkorrupsjon"
    assert '<li><span class="mark">a.</span> fare for liv</li>' in node.html
    assert node.html.count('<div class="ledd">') == 2
    assert node.notes == "Endret ved lov 20 juni 2025 nr. 45."
    assert "Endret ved" not in node.text


def test_originals_give_links_footnotes_tables_and_change_articles() -> None:
    body = (
        '<section class="section"><h2 data-text-align="center">I</h2>'
        '<article class="document-change" data-document="lov/1983-06-03-54">'
        '<article class="change" data-change-part="lov/1983-06-03-54/§1-7">'
        '<article class="defaultP">I <a href="lov/1983-06-03-54/§1-7">loven</a> skal § 1-7 lyde:'
        '</article><article class="futureLegalArticle" data-name="§1-7">'
        '<span class="futureLegalArticleHeader"><span class="legalArticleValue">§ 1-7</span>. '
        '<span class="legalArticleTitle">Melding</span></span>'
        '<article class="legalP">Innen fem dager<sup class="footnotereference">1</sup>.</article>'
        "</article></article></article>"
        "<table><tr><th>Sats</th><td colspan='2' onclick='x()'>1 %</td></tr></table>"
        '<footer class="footnotes"><article class="footnote"><span class="footnoteLabel">1</span> '
        "Virkedager.</article></footer></section>"
    )
    (node,) = parse_law(law("lov/2025-06-20-74", body, base="LTI")).nodes
    assert node.section == ""  # The new § 1-7 belongs to the act that is amended.
    assert '<a href="/lover/lov/1983-06-03-54#p-1-7">loven</a>' in node.html
    assert "<strong>§ 1-7. Melding</strong>" in node.html
    assert "<sup>1</sup>" in node.html
    assert '<th>Sats</th><td colspan="2">1 %</td>' in node.html
    assert 'class="law-footnote"' in node.html
    assert "Sats 1 %" in node.text


def test_articles_of_eu_acts_become_articles() -> None:
    body = chapter(
        "Vedlegg",
        chapter("Artikkel 33. Melding om brudd", '<article class="defaultP">72 timer.</article>'),
    )
    nodes = parse_law(law("lov/2018-06-15-38", body)).nodes
    assert (nodes[-1].kind, nodes[-1].section) == (NodeKind.ARTICLE, "Artikkel 33")
    assert (nodes[-1].title, nodes[-1].anchor) == ("Melding om brudd", "p-Artikkel-33")


def test_number_that_occurs_again_in_an_annex_gets_another_anchor() -> None:
    body = paragraph("1", "Formål", "A") + chapter("Vedlegg", paragraph("1", "Annet", "B"))
    nodes = [n for n in parse_law(law("lov/2001-01-05-1", body)).nodes if n.section]
    assert [n.anchor for n in nodes] == ["p-1", "p-1_2"]


def test_paragraphs_nested_in_an_annex_that_stands_first_come_first() -> None:
    body = chapter("Kommentarer", chapter("Til § 1", "<p>Se her.</p>", level=3)) + chapter(
        "Vedlegg 1", "<p>Satser.</p>", paragraph("1", "Formål", "A"), paragraph("2", "Mer", "B")
    )
    nodes = parse_law(law("forskrift/2001-01-05-1", body)).nodes
    assert [node.section for node in nodes[:2]] == ["1", "2"]
    assert [node.chapter for node in nodes[:2]] == ["", ""]
    assert [node.title for node in nodes[2:]] == ["Kommentarer", "Til § 1", "Vedlegg 1"]
    assert [node.ordinal for node in nodes] == list(range(5))


def test_unknown_elements_keep_their_text() -> None:
    body = (
        '<nyttelement class="ukjent">Løs tekst <merke>med innhold</merke></nyttelement>'
        '<article class="legalArticle"><span class="legalArticleValue">§ 7</span>'
        "<rart>Skjult <b>regel</b></rart></article>hale"
    )
    nodes = parse_law(law("lov/2001-01-05-1", body)).nodes
    assert [node.text for node in nodes] == ["Løs tekst med innhold", "§ 7\nSkjult regel", "hale"]
    assert nodes[1].section == "7"


def test_hostile_markup_is_left_out() -> None:
    """XT-05"""
    evil = (
        "<script>alert(1)</script><style>p{}</style><iframe src='x'>i</iframe>"
        "<meta http-equiv='refresh' content='0'/><base href='//evil'/><object>o</object>"
        "<svg onload='x()'><a>s</a></svg><form action='//evil'><input/></form>"
        "<p onclick='x()' style='color:red' id='hoved' class='panel'>Tekst</p>"
        "<a href='javascript:alert(1)'>lenke</a> <a href='//evil'>ut</a> "
        "<a href='data:text/html,x'>data</a><img src='//evil/x.png' onerror='x()' alt='Kart'/>"
        "&lt;script&gt;alert(2)&lt;/script&gt;"
    )
    markup = "".join(
        node.html for node in parse_law(law("lov/2001-01-05-1", paragraph("1", "T", evil))).nodes
    )
    lowered = markup.lower()
    for bad in (
        "<script",
        "alert(1)",
        "style",
        "iframe",
        "refresh",
        "evil",
        "onclick",
        "onerror",
        "<svg",
    ):
        assert bad not in lowered
    assert "href" not in lowered
    assert "<img" not in lowered
    assert "[Kart]" in markup
    assert "&lt;script&gt;" in markup


def test_repealed_paragraph_is_known() -> None:
    body = paragraph("1", "(Opphevet)") + paragraph("2", "Opphevelse av vedtak", "Tekst " * 60)
    first, second = parse_law(law("lov/2001-01-05-1", body)).nodes
    assert (first.is_repealed, second.is_repealed) == (True, False)


def test_hash_ignores_notes_and_markup_but_not_words() -> None:
    def hash_of(text: str, notes: str = "") -> str:
        body = paragraph("1", "T", text, notes=notes)
        return parse_law(law("lov/2001-01-05-1", body)).nodes[0].content_hash

    assert hash_of("En regel") == hash_of("En  <i>regel</i>", "Endret ved lov.")
    assert hash_of("En regel") != hash_of("En annen regel")


def test_document_without_identity_is_refused() -> None:
    data = law().replace(b"lov/2001-01-05-1", b"ukjent")
    with pytest.raises(ArchiveRefused) as refused:
        parse_law(data)
    assert refused.value.code is Refusal.NOT_A_LAW


def test_regulation_is_not_named_after_the_act_that_it_mentions() -> None:
    read = parse_law(
        law(
            "forskrift/2001-01-05-1",
            title="Forskrift om unntak (forvaltningsloven)",
            short="Unntak",
        )
    )
    assert read.aliases == ()


@pytest.mark.parametrize(
    ("left", "right"),
    [("§ 2 A-1", "2a-1"), ("12-3 a", "12-3A"), ("Artikkel 33", "art. 33"), ("§ 4\u00a0b", "4b")],
)
def test_numbers_are_compared_without_spelling(left: str, right: str) -> None:
    assert section_key(left) == section_key(right)


@pytest.mark.parametrize(
    ("note", "text", "kept"),
    [
        (
            "Departementet kan samtykke.\nDet kan settes vilkår.\nEndret ved lov 20 jan 2012 nr. 4.",
            "Departementet kan samtykke.\nDet kan settes vilkår.",
            "Endret ved lov 20 jan 2012 nr. 4.",
        ),
        ("Loven gjelder digitale ytelser.", "Loven gjelder digitale ytelser.", ""),
        ("0 Tilføyd ved lov 5 mai 2020 nr. 1.", "", "0 Tilføyd ved lov 5 mai 2020 nr. 1."),
        ("Endret ved lov\n20 jan 2012 nr. 4.", "", "Endret ved lov 20 jan 2012 nr. 4."),
    ],
)
def test_law_text_that_stands_in_the_note_is_put_back_into_its_paragraph(
    note: str, text: str, kept: str
) -> None:
    (node,) = parse_law(law("lov/2001-01-05-1", paragraph("4", "Samtykke", notes=note))).nodes
    assert (node.text, node.notes) == (text, kept)


def test_note_under_a_paragraph_with_a_text_stays_a_note() -> None:
    body = paragraph("4", "Samtykke", "Egen tekst.", notes="Departementet sier noe.\nEndret nå.")
    (node,) = parse_law(law("lov/2001-01-05-1", body)).nodes
    assert (node.text, node.notes) == ("Egen tekst.", "Departementet sier noe. Endret nå.")
