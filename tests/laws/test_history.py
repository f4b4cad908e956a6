"""What a newer edition changes is kept, with the words that stood before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.extensions import db
from intranet.laws.actions import imports as actions
from intranet.laws.importing import import_archive
from intranet.laws.models import LawWording
from intranet.laws.queries.history import list_changes
from tests.browser import Browser
from tests.cast import Cast
from tests.laws.builders import archive, law, paragraph

LogIn = Callable[[int], Browser]
MAY, JUNE, JULY = date(2026, 5, 21), date(2026, 6, 18), date(2026, 7, 2)
REFID = "lov/2001-01-05-1"
OLD = law(
    REFID,
    paragraph("1", "Formål", "Loven gjelder prøver."),
    paragraph("2 A-1", "Varsel", "Varsel gis straks.", "Varsel er skriftlig."),
    paragraph("3", "Straff", "Bot."),
    paragraph("4", "Frist", "En uke."),
)
NEW = law(
    REFID,
    paragraph("1", "Formål", "Loven gjelder prøver."),
    paragraph("2 A-1", "Varsel", "Varsel gis innen fem virkedager.", "Varsel er skriftlig."),
    paragraph("3", "(Opphevet)"),
    paragraph("5", "Ny", "Noe nytt."),
)


def bring(document: bytes, as_of: date) -> None:
    import_archive(archive(document), "prøve.tar.bz2", as_of=as_of)


def kept() -> list[tuple[str, str, str, date, date]]:
    rows = db.session.scalars(select(LawWording).order_by(LawWording.section_key))
    return [(r.section, r.change, r.text, r.last_as_of, r.changed_as_of) for r in rows]


def test_newer_edition_keeps_the_words_that_it_replaces(context: Flask) -> None:
    bring(OLD, MAY)
    bring(NEW, JUNE)
    assert kept() == [
        ("2 A-1", "text", "Varsel gis straks.\nVarsel er skriftlig.", MAY, JUNE),
        ("3", "repealed", "Bot.", MAY, JUNE),
        ("4", "repealed", "En uke.", MAY, JUNE),
        ("5", "added", "", MAY, JUNE),
    ]


@pytest.mark.parametrize(("document", "as_of"), [(OLD, JUNE), (NEW, MAY), (NEW, date(2026, 1, 1))])
def test_same_text_same_day_and_older_editions_change_nothing(
    context: Flask, document: bytes, as_of: date
) -> None:
    bring(OLD, MAY)
    bring(document, as_of)
    assert kept() == []


def test_what_a_new_parser_reads_otherwise_is_no_change_of_the_law(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(OLD, MAY)
    monkeypatch.setattr(actions, "PARSER_EDITION", 1_000)
    bring(NEW, JUNE)
    assert kept() == []


def test_each_change_stands_beside_the_words_that_came_next(context: Flask) -> None:
    for document, as_of in ((OLD, MAY), (NEW, JUNE), (OLD, JULY)):
        bring(document, as_of)
    newest, oldest = list_changes(REFID, section="2A-1").changes
    text = lambda one, kind: "".join(  # noqa: E731
        piece.text for part in one.difference for piece in part.pieces if piece.change == kind
    )
    assert (newest.before, newest.after, newest.change) == (JUNE, JULY, "text")
    assert "straks" in text(newest, "added")
    assert "straks" in text(oldest, "removed")
    assert "virkedager" in text(oldest, "added")


def test_reader_sees_that_a_paragraph_changed_and_how(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    with app.app_context():
        bring(OLD, MAY)
        bring(NEW, JUNE)
        db.session.remove()
    reader = log_in(people.ingrid)
    page = reader.get(f"/lover/{REFID}")
    assert page.text.count("Endret i utgaven 18. juni 2026") == 3
    changes = reader.get(f"/lover/{REFID}/endringer?paragraf=2 A‑1")
    assert "Mellom utgaven 21. mai 2026 og utgaven 18. juni 2026" in changes.text
    assert "<del>" in changes.source
    assert "<ins>" in changes.source
    assert "§ 3" not in changes.text.replace("\u00a0", " ").split("Vis alle endringer")[1]
    assert "Noe nytt." in reader.get(f"/lover/{REFID}/endringer").text


def test_law_that_no_edition_changed_says_so(app: Flask, people: Cast, log_in: LogIn) -> None:
    with app.app_context():
        bring(OLD, MAY)
        db.session.remove()
    page = log_in(people.ingrid).get(f"/lover/{REFID}/endringer")
    assert "Ingen endringer siden" in page.text
    assert log_in(people.ingrid).get("/lover/lov/1900-01-01-1/endringer").status == 404
