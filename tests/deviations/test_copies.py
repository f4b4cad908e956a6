"""Taking a case out of the portal, as each role may."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.deviations.actions import dialogue
from intranet.deviations.models import DeviationEntry
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import do, report

LogIn = Callable[[int], Browser]
NOTE = "Notat mellom ledere: ring fastlegen."
WHAT = "Bruker falt. 😀 «Blåmerke»\n\n= Ikke overskrift #let x = 1\nRing Ingrid Solheim."


def text_of(data: bytes) -> str:
    """Return all text of a PDF on one line."""
    pages = PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def number(app: Flask, people: cast.Cast) -> int:
    """A case with a message and an internal note."""
    with app.app_context():
        made = report(people.ingrid, people.strandheim, what=WHAT)
        do(people.mona, made, dialogue.send_message, "Takk for at du meldte.")
        do(people.mona, made, dialogue.write_note, NOTE)
        db.session.remove()
    return made


def audited(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        rows = db.session.execute(
            select(AuditEntry.details).where(AuditEntry.event == "deviation.copied_out")
        ).scalars()
        return [json.loads(row) for row in rows]


def test_the_handler_gets_the_whole_case_and_the_reporter_what_the_reporter_sees(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    whole = log_in(people.mona).post(f"/avvik/{number}/kopi/pdf")
    assert whole.status == 200
    text = text_of(whole.response.data)
    assert "= Ikke overskrift #let x = 1" in text
    assert NOTE in text
    assert "Takk for at du meldte." in text
    own = text_of(log_in(people.ingrid).post(f"/avvik/{number}/kopi/pdf").response.data)
    assert "Takk for at du meldte." in own
    assert NOTE not in own
    assert [entry["form"] for entry in audited(app)] == ["pdf", "pdf"]


def test_the_pdf_is_tagged_titled_and_in_the_readers_language(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        db.session.remove()
    made = PdfReader(
        io.BytesIO(log_in(people.mona).post(f"/avvik/{number}/kopi/pdf").response.data)
    )
    root = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("nb")
    assert made.metadata is not None
    assert "Avvik" in str(made.metadata.title)
    xmp = root["/Metadata"].get_data().decode()
    assert "pdfuaid" in xmp
    assert "pdfaid" in xmp


def test_json_holds_the_story_and_only_what_the_viewer_reads(
    people: cast.Cast, log_in: LogIn, number: int
) -> None:
    whole = json.loads(log_in(people.mona).post(f"/avvik/{number}/kopi/json").response.data)
    assert whole["format_version"] == 1
    assert whole["what"] == WHAT
    assert NOTE in [line["text"] for line in whole["story"]]
    own = json.loads(log_in(people.ingrid).post(f"/avvik/{number}/kopi/json").response.data)
    assert NOTE not in json.dumps(own, ensure_ascii=False)
    assert all(line["is_public"] for line in own["story"])


@pytest.mark.parametrize("path", ["kopi", "innsyn"])
def test_the_case_of_others_does_not_exist(
    people: cast.Cast, log_in: LogIn, number: int, path: str
) -> None:
    assert log_in(people.tor).get(f"/avvik/{number}/{path}").status == 404


@pytest.mark.parametrize("form", ["pdf", "json"])
def test_others_get_no_file(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int, form: str
) -> None:
    assert log_in(people.tor).post(f"/avvik/{number}/kopi/{form}").status == 404
    assert audited(app) == []


def test_a_withheld_copy_lacks_what_was_withheld_and_says_why(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    mona = log_in(people.mona)
    page = mona.get(f"/avvik/{number}/innsyn")
    fields = dict(page.form())
    assert fields["words"].split("\n") == ["", "Ingrid Solheim"]
    assert "offl14" in fields.values()
    made = mona.post(f"/avvik/{number}/innsyn", {**fields, "asked_by": "Avisa Nordlys"})
    assert made.status == 200
    text = text_of(made.response.data)
    assert "Ingrid" not in text
    assert "fastlegen" not in text
    assert "[sladdet]" in text
    assert "offentleglova § 14 første ledd" in text
    assert "statsforvalteren" in text
    assert b"Ingrid" not in made.response.data
    [entry] = audited(app)
    assert entry["form"] == "withheld"
    assert entry["provisions"] == ["offl13_fvl13_1", "offl14"]
    with app.app_context():
        codes = db.session.execute(select(DeviationEntry.code, DeviationEntry.params)).all()
        assert ("copied_out", {"asked_by": "Avisa Nordlys"}) in [tuple(row) for row in codes]
    assert "Avisa Nordlys" not in log_in(people.ingrid).get(f"/avvik/{number}").text


def test_a_part_that_came_meanwhile_is_asked_for_and_not_shown(
    app: Flask, people: cast.Cast, log_in: LogIn, number: int
) -> None:
    mona = log_in(people.mona)
    fields = dict(mona.get(f"/avvik/{number}/innsyn").form())
    with app.app_context():
        do(people.ingrid, number, dialogue.send_reply, "Bruker heter Per.")
        db.session.remove()
    answer = mona.post(
        f"/avvik/{number}/innsyn", {**fields, "asked_by": "Ola", "words": "Egne ord"}
    )
    assert answer.status == 422
    assert "Velg om denne delen skal vises." in answer.text
    assert answer.form()["words"].strip() == "Egne ord"
    assert audited(app) == []


def test_who_asks_must_be_written(people: cast.Cast, log_in: LogIn, number: int) -> None:
    mona = log_in(people.mona)
    fields = dict(mona.get(f"/avvik/{number}/innsyn").form())
    answer = mona.post(f"/avvik/{number}/innsyn", fields)
    assert answer.status == 422
    assert "Skriv hvem som ber om innsyn" in answer.text


def test_the_reporter_may_not_judge_access(people: cast.Cast, log_in: LogIn, number: int) -> None:
    ingrid = log_in(people.ingrid)
    assert ingrid.get(f"/avvik/{number}/innsyn").status == 403
    assert "sladdet" not in ingrid.get(f"/avvik/{number}/kopi").text
