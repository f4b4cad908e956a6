"""The index in PostgreSQL: missing, damaged, swapped under a reader, written by two; like Whoosh's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from intranet.config import ConfigurationError, load_settings
from intranet.extensions import db
from intranet.search.engine import get_engine
from intranet.search.entry import Kind, SearchEntry
from intranet.search.errors import IndexBusy, IndexUnavailable
from intranet.search.index.engine import WhooshEngine
from intranet.search.index.store import SearchIndex
from intranet.search.postgres import writing
from intranet.search.postgres.engine import PostgresEngine
from intranet.search.query import parse
from intranet.search.ranking import rank
from tests.search.fake_source import law_entries, make_entry

ALL = frozenset({"all"})


@pytest.fixture
def engine(database: str, request: pytest.FixtureRequest) -> Iterator[PostgresEngine]:
    """An engine of its own on an empty PostgreSQL; another process's, as it were."""
    if database != "postgresql":
        pytest.skip("the index is PostgreSQL's")
    with request.getfixturevalue("app").app_context():
        _drop("portal_search")
        yield PostgresEngine()
        _drop("portal_search")
        db.session.remove()


def _drop(schema: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))


def _run(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement.format(index=_schemas()[0])))


def _schemas() -> list[str]:
    with db.engine.connect() as connection:
        return list(
            connection.scalars(
                text(r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 'portal\_search\_%'")
            )
        )


def entries(count: int) -> list[SearchEntry]:
    return [
        make_entry(f"nyhet/{n}", f"Nyhet {n}", f"Møte i kantina nummer{n}") for n in range(count)
    ]


def build(engine: PostgresEngine, count: int = 20) -> None:
    with engine.writing(wait=True):
        engine.rebuild(entries(count))


def total(engine: PostgresEngine | WhooshEngine, question: str) -> int:
    return len(keys(engine, question))


def keys(engine: PostgresEngine | WhooshEngine, question: str) -> list[str]:
    return engine.ask(
        lambda postings, cache: postings.keys(
            rank(postings, parse(question, postings.is_name), ALL, cache=cache).rows
        )
    )


DAMAGES = {
    "everything gone": "DROP SCHEMA portal_search CASCADE; DROP SCHEMA {index} CASCADE",
    "the state gone": "DELETE FROM portal_search.state",
    "the index gone": "DROP SCHEMA {index} CASCADE",
    "a table gone": "DROP TABLE {index}.entry",
    "a column gone": "ALTER TABLE {index}.entry DROP COLUMN prior",
    "the words' index gone": "DROP INDEX {index}.entry_words",
    "of another making": "UPDATE portal_search.state SET form = '99/newer'",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_noticed_and_built_anew_without_a_restart(
    engine: PostgresEngine, damage: str
) -> None:
    """CF-03"""
    build(engine)
    assert total(engine, "kantina") == 20
    _run(DAMAGES[damage])
    if damage != "the words' index gone":  # Then answers are slow and right.
        with pytest.raises(IndexUnavailable):
            total(PostgresEngine(), "kantina")
    assert not engine.is_usable()
    build(engine, 3)
    assert engine.is_usable()
    assert total(engine, "kantina") == 3
    assert len(_schemas()) == 1


def test_a_reader_that_meets_damage_reports_it_and_others_are_spared(
    engine: PostgresEngine,
) -> None:
    build(engine)
    assert total(engine, "kantina") == 20
    _run("DROP TABLE {index}.entry")
    for _process in (engine, PostgresEngine()):
        with pytest.raises(IndexUnavailable):
            total(_process, "nummer3")
    assert not engine.is_usable()


def test_a_database_that_has_no_index_yet_is_no_error(engine: PostgresEngine) -> None:
    assert not engine.is_usable()
    with pytest.raises(IndexUnavailable):
        total(engine, "kantina")


def test_a_question_that_is_overtaken_by_a_rebuild_is_asked_again(engine: PostgresEngine) -> None:
    """The old one answers until the new one is whole; whoever is in between meets the new one."""
    build(engine)
    other, asked = PostgresEngine(), []

    def question(postings, cache):  # type: ignore[no-untyped-def]
        asked.append(postings.size)
        if len(asked) == 1:
            build(other, 7)
        return rank(postings, parse("kantina"), ALL, cache=cache).total

    assert engine.ask(question) == 7
    assert asked == [20, 7]


def test_the_old_index_answers_while_a_new_one_is_built_and_after_one_that_fails(
    engine: PostgresEngine,
) -> None:
    build(engine)
    seen = []

    def failing() -> Iterator[SearchEntry]:
        yield from entries(5)
        seen.append(total(PostgresEngine(), "kantina"))
        raise RuntimeError

    with pytest.raises(RuntimeError), engine.writing(wait=True):
        engine.rebuild(failing())
    assert seen == [20]
    assert total(engine, "kantina") == 20
    assert len(_schemas()) == 1


def test_a_second_writer_is_told_and_changes_nothing(engine: PostgresEngine) -> None:
    """CC-10"""
    with engine.writing(wait=True), pytest.raises(IndexBusy):
        with PostgresEngine().writing(wait=False):
            pass
    with PostgresEngine().writing(wait=False):
        pass


def test_another_process_sees_what_was_changed_and_counts_only_what_is_left(
    engine: PostgresEngine,
) -> None:
    build(engine)
    other = PostgresEngine()
    assert total(other, "kantina") == 20
    with engine.writing(wait=False):
        engine.update(
            ["nyhet/1", "nyhet/2"], [make_entry("nyhet/1", "Julebord", audience=("unit:2",))]
        )
    assert total(other, "kantina") == 18
    assert total(other, "julebord") == 0
    unit = frozenset({"unit:2"})
    assert other.ask(lambda p, c: rank(p, parse("julebord"), unit, cache=c).total) == 1
    # What somebody begins to type, and what a misspelt word may be mended to.
    assert other.ask(lambda p, c: p.expand("jule", 5)) == ["julebord"]
    assert dict(other.ask(lambda p, c: p.vocabulary()[0]))["nyhet"] == 18
    with engine.writing(wait=False):
        engine.update(["nyhet/1"], [])
    assert other.ask(lambda p, c: p.expand("jule", 5)) == []
    assert other.is_usable()


def test_an_index_worn_by_changes_is_built_anew(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_MOST_GONE", 10)
    build(engine)
    for _turn in range(2):
        with engine.writing(wait=False):
            engine.update([f"nyhet/{n}" for n in range(20)], entries(20))
        assert total(engine, "kantina") == 20
    assert not engine.is_usable()


def test_searchers_see_whole_answers_while_two_write(engine: PostgresEngine, app: Flask) -> None:
    """CC-10: a document's rows are all there or none, whatever is committed meanwhile."""
    build(engine)
    stop = threading.Event()
    seen: set[int] = set()
    faults: list[BaseException] = []

    def search() -> None:
        with app.app_context():
            try:
                while not stop.is_set():
                    seen.add(total(engine, "kantina"))
            except BaseException as fault:
                faults.append(fault)

    def write(number: int) -> None:
        with app.app_context():
            own = PostgresEngine()
            try:
                for turn in range(4):
                    rows = [make_entry(f"nyhet/{number}#{n}", "Ny", "kantina") for n in range(10)]
                    with own.writing(wait=True):
                        own.update([f"nyhet/{number}"], rows if turn % 2 else [])
            except BaseException as fault:
                faults.append(fault)

    searchers = [threading.Thread(target=search) for _ in range(4)]
    writers = [threading.Thread(target=write, args=(number,)) for number in (100, 200)]
    for thread in [*searchers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in searchers:
        thread.join()
    assert faults == []
    assert seen <= {20, 30, 40}
    assert total(engine, "kantina") == 40


QUESTIONS = [
    "varsling i verksemda",
    "aml § 2 A-1",
    "fall",
    "fall forebygging avdeling",
    '"holde gulvet tørt"',
    "arbeidsmiljøloven",
    "taushetspligt",
    "avdeling 7",
    "ferie",
]


def test_both_engines_find_the_same_in_the_same_order(
    engine: PostgresEngine, tmp_path: Path
) -> None:
    # Whoosh rounds the length of a text above ten words; these are shorter.
    words = [
        "fall",
        "ferie",
        "forebygging",
        "gulv",
        "avdeling",
        "brann",
        "varsling",
        "taushetsplikt",
    ]
    texts = [
        " ".join(words[(n * step + n // 3) % len(words)] for step in range(1, 3 + n % 3))
        for n in range(120)
    ]
    every = [
        *law_entries(),
        make_entry("nyhet/900", "Husk å holde gulvet tørt", "På badet."),
        make_entry(
            "library/PRO-1", "Fall", "Slik holder vi gulvet tørt.", kind=Kind.PROCEDURE, prior=2.0
        ),
        *(make_entry(f"nyhet/{n}", f"Avdeling {n}", text) for n, text in enumerate(texts)),
    ]
    whoosh = WhooshEngine(SearchIndex(tmp_path / "index", b"a key of the application"))
    for one in (engine, whoosh):
        with one.writing(wait=True):
            one.rebuild(every)
    found = {question: keys(engine, question) for question in QUESTIONS}
    assert found == {question: keys(whoosh, question) for question in QUESTIONS}
    assert len(found["ferie"]) > 20


@pytest.mark.parametrize("word", ["it's", "a\\b", "'", "x" * 3000, "a & b | !c", "=fall", "fall#2"])
def test_signs_of_the_query_language_are_letters_like_others(
    engine: PostgresEngine, word: str
) -> None:
    """AZ-15"""
    alias = make_entry("lov/2001-01-01", "Fall fall", "fall", kind=Kind.LAW, aliases=(word,))
    with engine.writing(wait=True):
        engine.rebuild([alias, make_entry("nyhet/1", word, word)])
    assert engine.ask(lambda p, c: p.find("alias", "unknown'\\")[0].tolist()) == []
    for field in ("title", "alias", "doc", "par"):
        engine.ask(lambda p, c, field=field: p.find(field, word))
    engine.ask(lambda p, c: p.find_phrase((word, "\0", "\ud800")))
    assert total(engine, "fall") >= 1


def test_the_engine_needs_its_database(tmp_path: Path) -> None:
    chosen = {"INSTANCE_DIR": str(tmp_path), "SEARCH_ENGINE": "postgres"}
    with pytest.raises(ConfigurationError, match="krever PostgreSQL"):
        load_settings(chosen)
    with pytest.raises(ConfigurationError, match="whoosh eller postgres"):
        load_settings({**chosen, "SEARCH_ENGINE": "solr"})
    url = {"DATABASE_URL": "postgresql://portalen@127.0.0.1/portalen"}
    assert load_settings({**chosen, **url}).search_engine == "postgres"


def test_the_running_application_takes_the_engine_of_its_settings(app: Flask) -> None:
    settings = app.extensions["intranet_settings"]
    with app.app_context():
        assert get_engine().name == "whoosh"
        app.extensions["intranet_settings"] = replace(settings, search_engine="postgres")
        try:
            assert get_engine().name == "postgres"
        finally:
            app.extensions["intranet_settings"] = settings
