"""What readers would stumble over is found, with its line; what they would not is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from intranet.core.plain_words import STIFF_WORDS, find_stiff_words, is_nynorsk
from intranet.core.text_checks import (
    PARAGRAPH_WORDS,
    SENTENCE_WORDS,
    Check,
    check_text,
    keeps_from_approval,
)
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import MakeDocument
from tests.library.test_autosave import autosave

LogIn = Callable[[int], Browser]


def found(markdown: str) -> list[tuple[Check, int]]:
    return [(remark.check, remark.line) for remark in check_text(markdown)]


def words(count: int) -> str:
    return " ".join(["ord"] * count).capitalize() + "."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## A\n\n### B\n\n## C\n\n### D\n\n#### E", []),
        # Readers get the shallowest one just below the page's own, whatever it is called here.
        ("### A\n\n#### B", []),
        ("## A\n\n#### B\n\n### C", [(Check.HEADING_SKIPPED, 3)]),
        ("### A\n\n## B", [(Check.HEADING_SKIPPED, 1)]),
        ("# A\n\n## B", [(Check.HEADING_TOP, 1)]),
        ("## A\n\n##\n\n### B", [(Check.HEADING_EMPTY, 3)]),
        ("![](/a.png)", [(Check.PICTURE_UNDESCRIBED, 1)]),
        ("Først\nså ![ ](/a.png)", [(Check.PICTURE_UNDESCRIBED, 2)]),
        ("![En stol](/a.png)", []),
        ("Se [rutinen for nøkler](/r).", []),
        ("Noe\nstår [her](/r).", [(Check.LINK_VAGUE, 2)]),
        ("[Les meir …](/r)", [(Check.LINK_VAGUE, 1)]),
        ("- Ett\n- Se https://www.helsenorge.no/a.", [(Check.LINK_BARE, 2)]),
        ("[https://www.helsenorge.no](https://www.helsenorge.no)", [(Check.LINK_BARE, 1)]),
        ("[Helsenorge](https://www.helsenorge.no)", []),
        ("|  |  |\n| --- | --- |\n| a | b |", [(Check.TABLE_HEADLESS, 1)]),
        ("Tekst\n\n| Hva | Hvem |\n| --- | --- |\n| a | b |", []),
        (words(SENTENCE_WORDS), []),
        ("Kort.\n\n" + words(SENTENCE_WORDS + 1), [(Check.SENTENCE_LONG, 3)]),
        # A short form, a number and a paragraph of a law end no sentence.
        (words(SENTENCE_WORDS - 1)[:-1] + " jf. Loven § 4. Punktum", [(Check.SENTENCE_LONG, 1)]),
        (" ".join([words(20)] * (PARAGRAPH_WORDS // 20)), []),
        (" ".join([words(20)] * 6), [(Check.PARAGRAPH_LONG, 1)]),
        ("Døra skal alltid låses.", [(Check.PASSIVE, 1)]),
        ("Skjemaet må fyllast ut.", [(Check.PASSIVE, 1)]),
        ("Det skal finnes såpe, og det må lykkes.", []),
        ("Vakten låser døra.", []),
        # Code is shown as it is.
        ("```\n#### vedrørende\n```", []),
    ],
)
def test_each_thing_is_found_where_it_stands(text: str, expected: list[tuple[Check, int]]) -> None:
    assert found(text) == expected


def test_what_must_be_mended_comes_first_and_the_rest_keeps_nothing_back() -> None:
    text = "Vedrørende nøkler, se [her](/r).\n\n![](/a.png)\n\n## A\n\n#### B"
    checks = [remark.check for remark in check_text(text)]
    assert checks[:2] == [Check.PICTURE_UNDESCRIBED, Check.HEADING_SKIPPED]
    assert [remark.line for remark in keeps_from_approval(text)] == [3, 7]
    assert set(checks[2:]) == {Check.LINK_VAGUE, Check.WORD_STIFF}


def test_a_stiff_word_is_answered_in_the_language_of_the_text() -> None:
    bokmal = "Du må ikke foreta deg noe i henhold til dette."
    nynorsk = "Du må ikkje foreta deg noko i henhold til dette."
    assert (is_nynorsk(bokmal), is_nynorsk(nynorsk)) == (False, True)
    said = [(r.word, r.instead) for r in check_text(bokmal) if r.check == Check.WORD_STIFF]
    assert said == [("foreta", "gjøre"), ("i henhold til", "etter")]
    said = [(r.word, r.instead) for r in check_text(nynorsk) if r.check == Check.WORD_STIFF]
    assert said == [("foreta", "gjere"), ("i henhold til", "etter")]


@pytest.mark.parametrize("line", STIFF_WORDS, ids=lambda line: line[0])
def test_every_form_in_the_table_is_found_whole_and_never_in_its_own_plain_word(
    line: tuple[str, str, str],
) -> None:
    for form in line[0].split("|"):
        written = form.replace("-", "e")
        assert [word for word, _plain in find_stiff_words(f"Vi skal {written} nå.")] == [written]
        assert not list(find_stiff_words(f"Vi skal x{written} nå."))
    assert not list(find_stiff_words(f"{line[1]}. {line[2]}."))


def test_the_writer_is_led_to_the_line_and_cannot_send_what_shuts_readers_out(
    people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number = make_document("draft", body="## A\n\nVedrørende nøkler.\n\n#### B <i>")
    writer = log_in(people.eva)
    page = writer.get(f"/bibliotek/{number}/rediger")
    assert [link.get("data-line") for link in page.find("//section[@id='remarks']//a")] == [
        "5",
        "3",
    ]
    # The button is not there, and pressing it from an older page is answered in words.
    draft = writer.get(f"/bibliotek/{number}/versjon/1")
    assert "Må rettes før teksten kan godkjennes" in draft.text
    assert not draft.find("//form[contains(@action, 'til-godkjenning')]")
    refused = writer.post(f"/bibliotek/{number}/til-godkjenning", {"version": "1"})
    assert refused.status == 422
    assert "En overskrift hopper over et nivå" in refused.text
    # Saved by itself, the page gets the new remarks; what was written is never markup in them.
    _status, answer = autosave(writer, number, 1, body="## A\n\n#### <script>alert(1)</script>")
    assert "&lt;script&gt;" in answer["remarks"]
    assert "<script>" not in answer["remarks"]
    _status, answer = autosave(writer, number, 2, body="## A\n\n### B")
    assert "Vi fant ingenting å rette." in answer["remarks"]
    sent = writer.post(f"/bibliotek/{number}/til-godkjenning", {"version": "3"})
    assert "Til godkjenning" in sent.text


def test_long_texts_are_checked_in_a_moment() -> None:
    """It runs at each pause in the writing: linear in the length, also of what nests and repeats."""
    import time

    text = ("Vi skal i henhold til loven [her](/x) utføres og " * 40 + ".\n\n") * 100
    start = time.perf_counter()
    check_text(text[:200_000])
    assert time.perf_counter() - start < 5
