"""What is found, by whom, through the whole search with a real index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from intranet.core.actor import Role, Viewer
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.jobs.registry import ProbeResult
from intranet.search import indexing, queries, sources
from intranet.search.actions import mark_changed
from intranet.search.engine import get_engine
from intranet.search.entry import OWN_PRIOR, Kind
from intranet.search.errors import IndexUnavailable
from intranet.search.indexing import probe_index
from intranet.wiring import SEARCH_SOURCES
from tests.search.fake_source import AML, FakeSource, law_entries, make_entry

NURSE = Viewer(id=1, name="Ingrid Solheim", unit_ancestor_ids=frozenset({1, 2}))
TEACHER = Viewer(id=2, name="Tor Tveit", unit_ancestor_ids=frozenset({1, 3}))
HR = Viewer(id=3, name="Hanne Holm", roles=frozenset({(Role.HR, None)}))


def keys(viewer: Viewer, text: str, *kinds: Kind) -> list[str]:
    return [hit.key for hit in queries.find_hits(viewer, text, kinds).hits]


def fill(source: FakeSource, *entries: object) -> None:
    for entry in entries:
        source.put(entry)  # type: ignore[arg-type]
    indexing.rebuild()


@pytest.mark.parametrize(
    "text",
    [
        "aml 2A-1",
        "aml § 2 A-1",
        "§ 2A-1 arbeidsmiljøloven",
        "arbeidsmiljølova § 2 A-1",
        "lov 17. juni 2005 nr. 62 § 2 A-1",
    ],
)
def test_a_paragraph_asked_for_by_number_comes_first(
    context: Flask, source: FakeSource, text: str
) -> None:
    fill(source, *law_entries())
    assert keys(NURSE, text)[0] == f"{AML}#2 A-1"


def test_a_law_asked_for_by_name_comes_first_as_a_whole(context: Flask, source: FakeSource) -> None:
    fill(source, *law_entries())
    assert keys(NURSE, "arbeidsmiljøloven")[0] == AML
    assert set(keys(NURSE, "aml")) == {AML, f"{AML}#2 A-1", f"{AML}#2-1"}


def test_nynorsk_words_find_bokmaal_text(context: Flask, source: FakeSource) -> None:
    fill(source, *law_entries())
    assert keys(NURSE, "teieplikt") == ["lov/1967-02-10#13"]
    assert keys(NURSE, "varsling i verksemda")[0] == f"{AML}#2 A-1"


def test_a_misspelt_word_is_mended_and_the_page_says_so(context: Flask, source: FakeSource) -> None:
    fill(source, *law_entries())
    results = queries.find_hits(NURSE, "taushetspligt")
    assert [hit.key for hit in results.hits] == ["lov/1967-02-10#13"]
    assert results.mended == "taushetsplikt"
    assert queries.find_hits(NURSE, "taushetspligt", literally=True).total == 0


def test_a_word_that_others_misspelt_before_is_mended_too(
    context: Flask, source: FakeSource
) -> None:
    many = [make_entry(f"nyhet/{n}", "Taushetsplikt i skogen", "Skogen.") for n in range(1, 15)]
    fill(source, *many, make_entry("nyhet/90", "Møte", "Om taushetspligt."))
    results = queries.find_hits(NURSE, "taushetspligt")
    assert results.mended == "taushetsplikt"
    assert results.total == 14
    # What is rare but right has nothing near it that is far more common.
    assert queries.find_hits(NURSE, "skogen").mended == ""


def test_the_paragraph_that_is_known_to_answer_stands_first(
    context: Flask, source: FakeSource
) -> None:
    """Its own words say nothing of it: "Hovudregel" is where the right of access stands."""
    rule = make_entry(
        "lov/2006-05-19-16#3",
        "§ 3 Hovudregel",
        "Saksdokument er opne for innsyn.",
        kind=Kind.LAW,
        doc="lov/2006-05-19-16",
        paragraph="3",
    )
    others = [
        make_entry(f"lov/2001-01-01-{n}", "Rett til innsyn", "Rett til innsyn.", kind=Kind.LAW)
        for n in range(1, 15)
    ]
    own = make_entry(
            "library/PRO-1", "Rett til innsyn", "Rett til innsyn.", kind=Kind.PROCEDURE,
            prior=OWN_PRIOR,
        )  # fmt: skip
    fill(source, rule, *others, own)
    # What we have written ourselves is not pushed down by it.
    assert keys(NURSE, "rett til innsyn")[:2] == [own.key, rule.key]


def test_an_answer_is_shown_to_nobody_who_may_not_find_it(
    context: Flask, source: FakeSource
) -> None:
    hidden = make_entry(
        "lov/2006-05-19-16#3", "§ 3", "Regel", doc="lov/2006-05-19-16", paragraph="3",
        audience=("role:hr",),
    )  # fmt: skip
    fill(source, hidden)
    assert keys(NURSE, "rett til innsyn") == []
    assert keys(HR, "rett til innsyn") == [hidden.key]


def test_a_phrase_finds_only_the_words_side_by_side(context: Flask, source: FakeSource) -> None:
    fill(
        source,
        make_entry("nyhet/1", "Tirsdag er det øvelse", "Alle møter ute."),
        make_entry("nyhet/2", "Øvelse", "Etter brann i kjelleren holdt vi øvelse på tirsdag."),
    )
    assert keys(NURSE, '"øvelse på tirsdag"') == ["nyhet/2"]


def test_one_law_does_not_fill_the_page(context: Flask, source: FakeSource) -> None:
    many = [
        make_entry(
            f"{AML}#{n}", f"§ {n}. Ferie", "Ferie og ferie.", kind=Kind.LAW, paragraph=str(n)
        )
        for n in range(30)
    ]
    fill(
        source,
        *many,
        make_entry("library/PRO-1", "Rutine", "Slik søker du ferie her.", kind=Kind.PROCEDURE),
    )
    assert "library/PRO-1" in keys(NURSE, "ferie")


def test_a_kind_narrows_the_hits_and_leaves_the_counts(context: Flask, source: FakeSource) -> None:
    fill(source, *law_entries(), make_entry("nyhet/1", "Varsling: ny rutine", "Nytt."))
    results = queries.find_hits(NURSE, "varsling", [Kind.NEWS])
    assert [hit.key for hit in results.hits] == ["nyhet/1"]
    assert results.facets["kind"] == {Kind.LAW: 1, Kind.NEWS: 1}
    assert results.total == 1


def test_two_worlds_that_differ_in_what_is_hidden_look_the_same(
    context: Flask, source: FakeSource
) -> None:
    """AZ-14, AZ-16: hits, counts, facets, suggestions and mended words tell nothing of what is
    hidden.
    """
    asked = [
        "hemmelig",
        "hemmeligheten",
        "hemelighet",
        "møte",
        '"hemmelig møte"',
        "zzyzx",
        "varsle",
    ]
    typed = ["hem", "møt", "zzy", "hemmelig m"]

    def world() -> list[object]:
        answers: list[object] = []
        for text in asked:
            results = queries.find_hits(TEACHER, text)
            answers.append(
                (results.hits, results.total, results.facets, results.pages, results.mended)
            )
        return [*answers, *(queries.suggest(TEACHER, text) for text in typed)]

    open_ones = [make_entry("nyhet/1", "Møte i kantina"), *law_entries()]
    fill(source, *open_ones)
    without = world()
    fill(
        source,
        make_entry("nyhet/2", "Hemmelighet zzyzx: møte", "Hemmelig møte", audience=("unit:2",)),
        make_entry("nyhet/3", "Hemmelighet for HR", "Hemmelig møte", audience=("role:hr",)),
        make_entry("nyhet/4", "Hemmelighet for ingen", audience=()),
    )
    assert world() == without
    assert keys(NURSE, "hemmelighet") == ["nyhet/2"]
    assert keys(HR, "hemmelighet") == ["nyhet/3"]


def test_an_entry_whose_audience_shrank_is_hidden_before_the_index_knows(
    context: Flask, source: FakeSource
) -> None:
    fill(source, make_entry("nyhet/1", "Møte i kantina"))
    source.put(make_entry("nyhet/1", "Møte i kantina", audience=("role:hr",)))
    assert keys(TEACHER, "kantina") == []
    assert queries.suggest(TEACHER, "kant") == []


def test_a_changed_document_is_found_by_its_new_words_only(
    context: Flask, source: FakeSource
) -> None:
    fill(source, make_entry("nyhet/1", "Møte i kantina"), make_entry("nyhet/2", "Møte ute"))
    source.put(make_entry("nyhet/1", "Sommerfest"))
    with transaction():
        mark_changed("nyhet/1")
    assert indexing.catch_up() == 1
    assert keys(TEACHER, "sommerfest") == ["nyhet/1"]
    assert keys(TEACHER, "kantina") == []
    assert queries.count_waiting() == 0


def test_a_document_that_is_gone_is_not_found(context: Flask, source: FakeSource) -> None:
    fill(source, make_entry("nyhet/1", "Møte i kantina"))
    source.held.clear()
    with transaction():
        mark_changed("nyhet/1")
    indexing.catch_up()
    results = queries.find_hits(TEACHER, "kantina")
    assert (results.hits, results.total) == ((), 0)
    assert not any(results.facets.values())


def test_a_change_that_was_rolled_back_leaves_no_row(context: Flask, source: FakeSource) -> None:
    def change_and_fail() -> None:
        with transaction():
            mark_changed("nyhet/1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert queries.count_waiting() == 0


def test_one_unreadable_document_does_not_stop_the_others(
    context: Flask, source: FakeSource
) -> None:
    indexing.rebuild()
    source.put(make_entry("nyhet/1", "Møte i kantina"))
    source.put(make_entry("nyhet/2", "Feil", prior="not a number"))
    with transaction():
        mark_changed("nyhet/2")
        mark_changed("nyhet/1")
    assert indexing.catch_up() == 1
    assert keys(TEACHER, "kantina") == ["nyhet/1"]
    assert queries.count_waiting() == 1


def test_without_an_index_it_is_said_that_one_is_being_built(
    context: Flask, source: FakeSource
) -> None:
    """CF-03"""
    source.put(make_entry("nyhet/1", "Møte i kantina"))
    with pytest.raises(IndexUnavailable):
        queries.find_hits(TEACHER, "kantina")
    indexing.catch_up()
    assert keys(TEACHER, "kantina") == ["nyhet/1"]


def test_suggestions_begin_as_typed_and_whole_documents_come_first(
    context: Flask, source: FakeSource
) -> None:
    fill(source, *law_entries(), make_entry("person/5", "Arne Arbeidsom", kind=Kind.PERSON))
    titles = [one.title for one in queries.suggest(TEACHER, "arbei")]
    assert titles[0] == "Arne Arbeidsom"
    assert titles[1] == "Arbeidsmiljøloven"
    assert queries.suggest(TEACHER, "arne arb")[0].title == "Arne Arbeidsom"
    assert queries.suggest(TEACHER, "") == [] == queries.suggest(TEACHER, "a")


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "aud:unit:2",
        "id:nyhet",
        '"',
        "((((",
        "a OR",
        "\u202e",
        "🙂",
        "-",
        "§",
        "§ 1",
        "x" * 500,
    ],
)
def test_odd_questions_are_answered(context: Flask, source: FakeSource, text: str) -> None:
    """AZ-15, IN-12"""
    fill(source, *law_entries(), make_entry("nyhet/2", "Skjult", audience=("unit:2",)))
    assert "nyhet/2" not in keys(TEACHER, text)
    queries.suggest(TEACHER, text)


def test_the_command_answers_a_file_of_questions_as_the_page_does(
    app: Flask, source: FakeSource, tmp_path: Path
) -> None:
    with app.app_context():
        fill(source, *law_entries(), make_entry("nyhet/1", "Varsling", audience=("unit:2",)))
    file = tmp_path / "q.jsonl"
    file.write_text('{"id": "q1", "query": "aml 2A-1"}\n\n{"id": "q2", "query": "varsling"}\n')
    result = app.test_cli_runner().invoke(
        args=["search", "run", "--file", str(file), "--kind", "law"]
    )
    assert result.exit_code == 0, result.output
    answers = {row["id"]: row["results"] for row in map(json.loads, result.output.splitlines())}
    assert answers["q1"][0] == f"{AML}#2 A-1"
    assert answers["q2"] == [f"{AML}#2 A-1"]


@pytest.mark.usefixtures("people")
def test_every_source_says_about_how_many_entries_it_has(context: Flask) -> None:
    for source in SEARCH_SOURCES:
        assert source.count() == len(list(source.entries()))
    assert sources.count_entries() > 0


def test_the_commands_build_and_catch_up_and_say_how_many(app: Flask, source: FakeSource) -> None:
    source.put(make_entry("nyhet/1", "Møte i kantina"))
    run = app.test_cli_runner().invoke
    built = run(args=["search", "rebuild"])
    assert built.exit_code == 0, built.output
    assert built.output.splitlines()[-1] == "søk: 1 oppføringer i indeksen"
    source.put(make_entry("nyhet/2", "Tur"))
    with app.app_context():
        with transaction():
            mark_changed("nyhet/2")
        db.session.remove()
    assert run(args=["search", "catch-up"]).output == "søk: 1 oppdatert\n"
    with app.app_context():
        assert keys(NURSE, "tur") == ["nyhet/2"]
        assert probe_index() == ProbeResult(
            "search", True, {"engine": get_engine().name, "waiting": 0}
        )
        db.session.remove()


def test_the_municipalitys_own_procedure_is_not_buried_under_paragraphs(
    context: Flask, source: FakeSource
) -> None:
    """Forty paragraphs that name the word as often, and one procedure about it."""
    about = "Fall skal meldes. Den som faller, skal ha hjelp."
    laws = [
        make_entry(f"lov/2001-01-01-{n}#1", "§ 1 Fall", about, kind=Kind.LAW, prior=1.5)
        for n in range(40)
    ]
    own = make_entry(
        "library/PRO-4", "Fall: forebygging", about, kind=Kind.PROCEDURE, prior=OWN_PRIOR
    )
    fill(source, *laws, own)
    found = keys(NURSE, "fall")
    assert found[0] == "library/PRO-4"
    assert found[1].startswith("lov/")
    assert keys(NURSE, "fall", Kind.LAW)[0].startswith("lov/")
