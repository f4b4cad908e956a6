"""Documents from a former system: by the command, whole or not at all, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from intranet.audit.models import AuditEntry
from intranet.core.models import StoredFile
from intranet.extensions import db
from intranet.library import take_in_lines
from intranet.library.models import Document, Revision, RevisionFile
from intranet.library.queries.revisions import list_files
from intranet.library.search_source import LibrarySource
from intranet.library.take_in_models import DocumentOrigin, RunState, TakeInLine, TakeInRun
from intranet.notifications.models import Notice
from tests import cast
from tests.library import old_system

Import = Callable[..., Result]


@pytest.fixture
def run_import(app: Flask, people: cast.Cast, tmp_path: Path) -> Import:
    """Return a function that runs the command on a folder and a list, and returns how it went."""

    def run(
        *options: str,
        rows: tuple[Any, ...] = (),
        more: dict[str, bytes] | None = None,
        source: Path | None = None,
        listed: bytes | None = None,
        name: str = "liste.csv",
    ) -> Result:
        folder = source or old_system.folder_at(tmp_path, more)
        path = tmp_path / name
        path.write_bytes(listed or old_system.csv_list(*rows))
        return app.test_cli_runner().invoke(
            args=["library", "import", str(folder), "--list", str(path), *options]
        )

    return run


@pytest.fixture
def take_in(app: Flask, run_import: Import) -> Iterator[Import]:
    """The same in an application context, for tests that look at what it left; no client."""
    with app.app_context():
        yield run_import
        db.session.remove()


def counts() -> dict[str, int]:
    db.session.rollback()
    tables = (Document, Revision, RevisionFile, StoredFile, DocumentOrigin, AuditEntry)
    return {
        one.__tablename__: db.session.execute(select(func.count()).select_from(one)).scalar_one()
        for one in tables
    } | {"runs": db.session.execute(select(func.count()).select_from(TakeInRun)).scalar_one()}


def document(former: str) -> Document:
    db.session.rollback()
    return db.session.scalars(
        select(Document)
        .join(DocumentOrigin, DocumentOrigin.document_id == Document.id)
        .where(DocumentOrigin.number == former)
    ).one()


def revision(former: str) -> Revision:
    return db.session.scalars(
        select(Revision).where(Revision.document_id == document(former).id)
    ).one()


def test_documents_become_drafts_of_their_owners(take_in: Import, people: cast.Cast) -> None:
    result = take_in(more=old_system.with_picture())
    assert result.exit_code == 0, result.output
    made, text = document("KVA-017"), revision("KVA-017")
    assert (made.number, made.title, made.state) == ("PRO-1", "Håndvask", "unpublished")
    assert (made.owner_id, made.unit_id) == (people.eva, people.strandheim)
    assert (text.state, text.author_id, text.contributor_ids) == ("draft", None, [people.eva])
    assert text.keywords == "smitte, vask"
    assert "KVA-017" in text.change_note
    files = list_files(text.id)
    assert [file.name for file in files] == ["bilde-1.png"]
    stored = db.session.scalars(
        select(RevisionFile.stored_file_id).where(RevisionFile.revision_id == text.id)
    ).one()
    # The title is not said twice, and the picture stands where it stood.
    assert text.body == (
        f"Bruk såpe hver gang\n\n![Slik holder du hendene](/bibliotek/PRO-1/bilde/{stored})"
    )


def test_a_pdf_is_the_file_of_its_document_and_its_text_is_kept(
    take_in: Import, people: cast.Cast
) -> None:
    take_in()
    text = revision("KVA-018")
    assert document("KVA-018").owner_id == people.henrik
    assert text.body == ""
    kept = db.session.scalars(select(RevisionFile).where(RevisionFile.revision_id == text.id)).one()
    assert "Ring 110 med en gang" in kept.text


def test_a_second_run_doubles_nothing_and_takes_in_what_was_mended(take_in: Import) -> None:
    wrong = (*old_system.FIRE[:4], "ukjent", *old_system.FIRE[5:])
    first = take_in(rows=(old_system.HYGIENE, wrong))
    assert first.exit_code == 1
    assert "Vi finner ingen ansatt med brukernavn eller e-post «ukjent»" in first.output
    second = take_in()
    assert second.exit_code == 0
    assert "Nummeret er tatt inn før, som PRO-1" in second.output
    before = counts()
    # Without its number a file is known by what is in it.
    nameless = tuple((*row[:2], "", *row[3:]) for row in (old_system.HYGIENE, old_system.FIRE))
    third = take_in(rows=nameless)
    assert "Filen er tatt inn før, som RUT-1" in third.output
    assert counts() == before | {
        "runs": before["runs"] + 1,
        "audit_entry": before["audit_entry"] + 2,
    }


def test_a_dry_run_tells_what_the_real_one_does_and_writes_nothing(
    take_in: Import, app: Flask, tmp_path: Path
) -> None:
    wrong = ("borte.docx", "", "", "Vise", "tor", "Avdeling 99", "snart", "", "")
    more = {"skannet.pdf": old_system.scanned_pdf(), "ekstra.docx": old_system.word("Ekstra", "A")}
    scanned = ("skannet.pdf", "Skjema", "", "Skjema", "kari", "Havnsund kommune", "", "", "")
    rows = (old_system.HYGIENE, wrong, scanned)
    files_dir = app.extensions["intranet_settings"].files_dir
    before, disk = counts(), sorted(files_dir.rglob("*"))
    report = tmp_path / "prove.csv"
    dry = take_in("--dry-run", "--report", str(report), rows=rows, more=more)
    assert (counts(), sorted(path for path in files_dir.rglob("*") if path.is_file())) == (
        before,
        [path for path in disk if path.is_file()],
    )
    assert dry.exit_code == 1
    assert "Prøvekjøring, ingenting er skrevet: utkast 2, kan ikke tas inn 1" in dry.output
    assert "står ikke i listen: ekstra.docx" in dry.output
    told = report.read_bytes().decode("utf-8-sig").splitlines()
    assert told[0].startswith("Linje;Resultat;Nytt nummer;Gammelt nummer;Tittel;Fil;Feil")
    for words in ("Tittelen mangler.", "«Vise» finnes ikke", "«borte.docx» finnes ikke",
                  "«Avdeling 99» finnes ikke", "er ingen dato"):  # fmt: skip
        assert words in told[2]
    assert "Den er kanskje skannet" in told[3]
    real_report = tmp_path / "ekte.csv"
    take_in("--report", str(real_report), rows=rows, more=more)
    real = real_report.read_bytes().decode("utf-8-sig").splitlines()
    # The same but for the numbers, which are given when it is done.
    assert [line.replace("PRO-1", "").replace("SKJ-1", "") for line in real] == told


def test_a_list_from_a_spreadsheet_and_a_zip_do_the_same(take_in: Import, tmp_path: Path) -> None:
    from tests.core import hostile

    archive = tmp_path / "alt.zip"
    archive.write_bytes(hostile.zipped(old_system.files()))
    result = take_in(source=archive, listed=old_system.xlsx_list(), name="liste.xlsx")
    assert result.exit_code == 0, result.output
    assert document("KVA-017").number == "PRO-1"
    assert document("KVA-018").number == "RUT-1"


def test_what_applied_goes_on_applying_with_its_days_and_its_approver(
    take_in: Import, people: cast.Cast
) -> None:
    # Kaja leads the sector above both; she owns neither.
    result = take_in("--publish", "--approved-by", "kaja")
    assert result.exit_code == 0, result.output
    made, text = document("KVA-017"), revision("KVA-017")
    assert (made.state, text.state) == ("published", "published")
    assert (text.approver_id, text.valid_from) == (people.kaja, date(2024, 2, 1))
    assert made.review_on == date(2026, 12, 31)
    assert document("KVA-018").review_on is not None
    entry = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.event == "document.taken_over")
        .order_by(AuditEntry.sequence)
    ).first()
    assert entry is not None
    assert entry.subject_id == "PRO-1"
    assert f'"approver": {people.kaja}' in entry.details
    told = db.session.execute(
        select(Notice.recipient_id, Notice.event).order_by(Notice.recipient_id)
    ).all()
    assert sorted(map(tuple, told)) == sorted(
        [
            (people.kaja, "document.taken_over"),
            (people.eva, "document.taken_in"),
            (people.henrik, "document.taken_in"),
        ]
    )


def test_nobody_approves_what_they_own_or_have_no_right_to(
    take_in: Import, people: cast.Cast
) -> None:
    """Henrik leads the home care and owns the one; he may not approve the other's either."""
    before = counts()
    result = take_in("--publish", "--approved-by", "henrik")
    assert result.exit_code == 1
    assert "Henrik Haug eier dokumentet, og kan ikke godkjenne det." in result.output
    assert "Henrik Haug har ikke rett til å godkjenne dokumenter i enheten." in result.output
    assert counts()["document"] == before["document"] == 0


def test_a_document_that_applies_later_is_not_taken_over(take_in: Import) -> None:
    later = (*old_system.FIRE[:7], "01.01.2099", "")
    result = take_in("--publish", "--approved-by", "kaja", rows=(later,))
    assert "gjelder først senere" in result.output
    assert result.exit_code == 1


def test_who_looks_for_the_old_number_finds_the_document(
    take_in: Import,
) -> None:
    take_in("--publish", "--approved-by", "kaja")
    entry = next(iter(LibrarySource().entries_for(["library/PRO-1"])))
    assert "KVA-017" in entry.aliases
    assert document("KVA-017").search_key == "pro-1 håndvask smitte, vask kva-017"
    _document, pdf = LibrarySource().entries_for(["library/RUT-1"])
    assert "Ring 110 med en gang" in pdf.text


def test_a_picture_in_the_text_is_seen_by_those_who_may_read_it_also_in_the_next_version(
    app: Flask,
    run_import: Import,
    log_in: Callable[[int], Any],
    people: cast.Cast,
) -> None:
    """AZ-05: a draft's picture is the draft's; the next version shows the same stored picture."""
    run_import(rows=(old_system.HYGIENE,), more=old_system.with_picture())
    with app.app_context():
        address = revision("KVA-017").body.rpartition("](")[2].rstrip(")")
        db.session.remove()
    eva, tor = log_in(people.eva), log_in(people.tor)
    shown = eva.get(address)
    assert (shown.status, shown.response.mimetype) == (200, "image/png")
    assert "attachment" not in shown.response.headers["Content-Disposition"]
    assert eva.get(address.replace("/PRO-1/", "/PRO-2/")).status == 404
    assert tor.get(address).status == 404
    page = eva.get("/bibliotek/PRO-1/versjon/1")
    assert page.find(f"//main//img[@src='{address}']/@alt") == ["Slik holder du hendene"]
    assert "KVA-017, gjaldt fra" in page.text
    eva.post("/bibliotek/PRO-1/legg-bort")
    eva.post("/bibliotek/PRO-1/ny-versjon")
    assert eva.get("/bibliotek/PRO-1/versjon/2").status == 200
    assert eva.get(address).status == 200


def test_killed_in_the_midst_what_is_done_is_whole_and_the_next_run_goes_on(
    take_in: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FI-11: the process dies in the second document, after everything of it is written."""

    class Killed(BaseException):
        pass

    save, saved = take_in_lines.save_line, []

    def dies_at_the_second(judged: Any, run_id: int) -> None:
        save(judged, run_id)
        saved.append(judged.row.line)
        if len(saved) == 2:
            raise Killed

    monkeypatch.setattr(take_in_lines, "save_line", dies_at_the_second)
    with pytest.raises(Killed):
        take_in(more=old_system.with_picture())
    assert saved == [2, 3]
    assert counts() | {"audit_entry": 0} == {
        "document": 1, "document_revision": 1, "document_revision_file": 1, "stored_file": 1,
        "document_origin": 1, "audit_entry": 0, "runs": 1,
    }  # fmt: skip
    outcomes = select(TakeInLine.outcome).order_by(TakeInLine.line)
    assert list(db.session.scalars(outcomes)) == ["draft", "waiting"]
    monkeypatch.setattr(take_in_lines, "save_line", save)
    assert take_in().exit_code == 0
    assert counts()["document"] == 2
    states = select(TakeInRun.state).order_by(TakeInRun.id)
    assert list(db.session.scalars(states)) == [RunState.DROPPED, RunState.DONE]


@pytest.mark.parametrize(
    ("options", "listed", "words"),
    [
        (("--publish",), None, "hører sammen"),
        (("--approved-by", "kaja"), None, "hører sammen"),
        (("--publish", "--approved-by", "ingen"), None, "Vi finner ingen"),
        ((), b"Fil;Tittel\r\na;b", "mangler kolonnen «type»"),
        ((), b"\x00\x01\x02", "Listen kan ikke leses"),
    ],
)
def test_what_cannot_be_begun_says_why_and_does_nothing(
    take_in: Import, options: tuple[str, ...], listed: bytes | None, words: str
) -> None:
    result = take_in(*options, listed=listed)
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert counts()["runs"] == 0


def test_a_hostile_file_costs_only_its_own_line(take_in: Import) -> None:
    from tests.core import hostile

    bad = ("ond.docx", "Ond", "", "PRO", "eva", "Strandheim sykehjem", "", "", "")
    old = ("eldre.doc", "Eldre", "", "PRO", "eva", "Strandheim sykehjem", "", "", "")
    more = {"ond.docx": hostile.office(**{"word/vbaProject.bin": b"x"}), "eldre.doc": b"\xd0\xcf"}
    result = take_in(rows=(bad, old, old_system.HYGIENE), more=more)
    assert "Filen inneholder makroer" in result.output
    assert "Bare DOCX og PDF kan tas inn, ikke «doc»" in result.output
    assert counts()["document"] == 1
