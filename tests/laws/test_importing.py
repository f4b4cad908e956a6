"""An import changes what changed, once, whole documents at a time, or nothing at all."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.audit.models import AuditEntry
from intranet.core.errors import InvalidInput
from intranet.extensions import db
from intranet.laws import importing
from intranet.laws.importing import import_archive, import_demo_texts
from intranet.laws.models import Law, LawImport, LawSection
from intranet.search.models import PendingEntry
from tests.laws.builders import archive, chapter, law, member, name_of, paragraph, tar

OLD, NEW = date(2026, 5, 21), date(2026, 6, 18)
ONE = law("lov/2001-01-05-1", paragraph("1", "Formål", "Gammel ordlyd."))
ONE_NEW = law("lov/2001-01-05-1", paragraph("1", "Formål", "Ny ordlyd."))
TWO = law("lov/2001-01-05-2", title="Lov om to (toloven)", short="Toloven")


def run(*documents: bytes, as_of: date = NEW, name: str = "prøve.tar.bz2") -> importing.Result:
    return import_archive(archive(*documents), name, as_of=as_of)


def texts(refid: str) -> list[str]:
    return list(
        db.session.scalars(
            select(LawSection.text)
            .join(Law, Law.id == LawSection.law_id)
            .where(Law.refid == refid)
            .order_by(LawSection.ordinal)
        )
    )


def waiting() -> list[str]:
    return sorted(db.session.scalars(select(PendingEntry.doc_key)))


def fingerprint() -> list[tuple[object, ...]]:
    """Everything that is stored of laws, ids included, but not the log of imports."""
    laws = db.session.execute(select(Law.__table__).order_by(Law.id)).all()
    rows = db.session.execute(select(LawSection.__table__).order_by(LawSection.id)).all()
    return [tuple(row) for row in (*laws, *rows)]


def test_import_stores_each_paragraph_and_has_it_indexed(context: Flask) -> None:
    body = chapter("Kapittel 1", paragraph("1", "Formål", "En."), paragraph("2 A-1", "Mer", "To."))
    result = run(law("lov/2001-01-05-1", body), TWO)
    assert (result.counts.added, result.counts.documents) == (2, 2)
    stored = db.session.execute(
        select(LawSection.section, LawSection.section_key, LawSection.anchor)
        .join(Law, Law.id == LawSection.law_id)
        .where(Law.refid == "lov/2001-01-05-1", LawSection.section != "")
        .order_by(LawSection.id)
    ).all()
    assert [tuple(row) for row in stored] == [("1", "1", "p-1"), ("2 A-1", "2a-1", "p-2-A-1")]
    assert waiting() == ["lov/2001-01-05-1", "lov/2001-01-05-2"]
    events = list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.sequence)))
    assert events == ["law_import.started", "law_import.finished"]


def test_second_import_of_the_same_archive_changes_nothing(context: Flask) -> None:
    """XT-07"""
    run(ONE, TWO)
    before, queue = fingerprint(), waiting()
    db.session.rollback()
    result = run(ONE, TWO)
    assert (result.counts.unchanged, result.counts.added, result.counts.changed) == (2, 0, 0)
    assert (fingerprint(), waiting()) == (before, queue)


def test_newer_edition_replaces_only_what_changed(context: Flask) -> None:
    run(ONE, TWO, as_of=OLD)
    result = run(ONE_NEW, TWO)
    assert (result.counts.changed, result.counts.unchanged) == (1, 1)
    assert texts("lov/2001-01-05-1") == ["Ny ordlyd."]
    assert waiting() == ["lov/2001-01-05-1", "lov/2001-01-05-1", "lov/2001-01-05-2"]
    assert set(db.session.scalars(select(Law.as_of))) == {NEW}


def test_older_edition_after_a_newer_one_does_not_overwrite(context: Flask) -> None:
    """XT-07: by date, not by arrival"""
    run(ONE_NEW, TWO)
    result = run(ONE, TWO, as_of=OLD)
    assert (result.counts.older, result.counts.changed) == (1, 0)
    assert texts("lov/2001-01-05-1") == ["Ny ordlyd."]
    assert set(db.session.scalars(select(Law.as_of))) == {NEW}


def test_same_day_with_other_text_takes_the_later_arrival(context: Flask) -> None:
    """XT-07: a corrected archive of the same day"""
    run(ONE)
    assert run(ONE_NEW).counts.changed == 1
    assert texts("lov/2001-01-05-1") == ["Ny ordlyd."]


def test_announcement_never_replaces_the_consolidated_text(context: Flask) -> None:
    run(ONE, as_of=OLD)
    announced = law("lov/2001-01-05-1", paragraph("1", "Formål", "Kunngjort."), base="LTI")
    assert run(announced).counts.older == 1
    assert texts("lov/2001-01-05-1") == ["Gammel ordlyd."]
    only = law("lov/2001-01-05-9", paragraph("1", "Formål", "Kunngjort."), base="LTI")
    run(only)
    consolidated = law("lov/2001-01-05-9", paragraph("1", "Formål", "Samlet."))
    assert run(consolidated, as_of=OLD).counts.changed == 1


def test_law_that_a_complete_newer_edition_lacks_is_gone_and_may_come_back(context: Flask) -> None:
    many = [law(f"lov/2001-01-05-{number}", short=f"Lov {number}") for number in range(1, 11)]
    run(*many, as_of=OLD, name="gjeldende-lover-2026-05-21.tar.bz2")
    result = run(*many[1:], name="gjeldende-lover-2026-06-18.tar.bz2")
    assert result.counts.gone == 1
    gone = select(Law.gone_on).where(Law.refid == "lov/2001-01-05-1")
    assert db.session.scalar(gone) == NEW
    assert texts("lov/2001-01-05-1")
    db.session.rollback()
    run(*many, as_of=date(2026, 7, 1), name="gjeldende-lover-2026-07-01.tar.bz2")
    assert db.session.scalar(gone) is None


def test_archive_with_few_laws_does_not_make_the_others_gone(context: Flask) -> None:
    many = [law(f"lov/2001-01-05-{number}") for number in range(1, 11)]
    run(*many, as_of=OLD)
    assert run(many[0], name="gjeldende-lover-2026-06-18.tar.bz2").counts.gone == 0
    assert run(*many[:9], name="utdrag.tar.bz2").counts.gone == 0


@pytest.mark.parametrize(
    "evil",
    [
        (member("../nl-20010105-003.xml", TWO), TWO),
        (member("nl/nl-20010105-003.xml", b"<html>"), b"<html>"),
        (member("nl/nl-20010105-003.xml", b"<html/>"), b"<html/>"),
        (member("nl/nl-20010105-003.xml", ONE), ONE),
    ],
    ids=["path", "broken", "no law", "same law twice"],
)
def test_archive_with_one_bad_member_is_refused_and_nothing_changes(
    context: Flask, evil: tuple[object, bytes]
) -> None:
    """XT-03, XT-06: the old edition stays complete, and the log says why"""
    run(ONE, TWO, as_of=OLD)
    before, queue = fingerprint(), waiting()
    db.session.rollback()
    stream = tar((member(name_of("lov/2001-01-05-1"), ONE_NEW), ONE_NEW), evil)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        import_archive(stream, "ond.tar.bz2", as_of=NEW)
    assert "Ingenting er endret." in str(refused.value.message)
    assert (fingerprint(), waiting()) == (before, queue)
    last = db.session.execute(select(LawImport).order_by(LawImport.id.desc()).limit(1)).scalar_one()
    assert last.refusal
    assert last.finished_at is not None


def test_archive_without_laws_is_refused(context: Flask) -> None:
    with pytest.raises(InvalidInput, match="ingen lovtekster"):
        import_archive(tar((member("nl/README.txt", b"x"), b"x")), "tom.tar.bz2")


def test_day_of_the_edition_comes_from_its_name(context: Flask) -> None:
    result = import_archive(archive(ONE), "gjeldende-lover-2026-06-18.tar.bz2")
    assert result.as_of == NEW


def test_progress_is_told_in_both_passes(context: Flask) -> None:
    heard: list[tuple[str, int]] = []
    stream = archive(ONE, TWO, packed="")
    import_archive(stream, "p", as_of=NEW, tell=lambda step, at: heard.append((step, at)))
    assert [step for step, _at in heard] == ["check", "check", "save", "save"]
    assert all(0 < at <= len(stream.getvalue()) for _step, at in heard)


def test_mentions_in_other_laws_are_counted(context: Flask) -> None:
    citing = law(
        "forskrift/2002-02-02-2",
        paragraph("1", "A", "Etter prøveloven § 1 og toloven."),
        paragraph("2", "B", "Jf. lov 5 januar 2001 nr. 1 § 1 og prøveloven."),
        title="Forskrift om mer",
        short="Merforskriften",
    )
    run(law("lov/2001-01-05-1", paragraph("1", "F", "I prøveloven menes.")), TWO, citing)
    counts = dict(tuple(row) for row in db.session.execute(select(Law.refid, Law.cited_count)))
    assert counts == {"lov/2001-01-05-1": 2, "lov/2001-01-05-2": 1, "forskrift/2002-02-02-2": 0}


def test_demo_texts_come_in_once_and_give_way_to_real_ones(context: Flask) -> None:
    saved = import_demo_texts()
    assert saved >= 12
    assert db.session.scalar(select(func.count()).where(LawSection.section != "")) >= 100
    assert import_demo_texts() == 0
    real = law("lov/2005-06-17-62", paragraph("1-1", "Lovens formål", "Virkelig."), short="Aml")
    others = [law(f"lov/2001-01-05-{number}") for number in range(1, 4)]
    run(real, *others, as_of=date(2020, 1, 1), name="gjeldende-lover-2020-01-01.tar.bz2")
    left = set(db.session.scalars(select(Law.refid).where(Law.is_demo)))
    assert left
    assert all(refid.startswith("forskrift/") for refid in left)
    assert texts("lov/2005-06-17-62") == ["Virkelig."]
    assert import_demo_texts() == 0 or "lov/2005-06-17-62" not in left


def test_killed_import_leaves_whole_laws_and_goes_on_the_next_time(tmp_path: Path) -> None:
    """XT-06: kill -9 in the middle, on a real process and a real file"""
    body = "".join(paragraph(str(number), "T", f"Ledd {number}.") for number in range(1, 41))
    documents = [law(f"lov/2001-01-05-{number}", body) for number in range(1, 301)]
    (tmp_path / "lover-2026-06-18.tar").write_bytes(archive(*documents, packed="").getvalue())
    script = textwrap.dedent(
        """
        import os, sys
        from intranet import create_app
        from intranet.extensions import db
        from intranet.laws.importing import import_archive
        app = create_app()
        seen = 0
        def tell(step, position):
            global seen
            seen += step == "save"
            if seen == 120 and sys.argv[2] == "die":
                os.kill(os.getpid(), 9)
        with app.app_context():
            db.create_all()
            with open(sys.argv[1], "rb") as stream:
                import_archive(stream, "lover-2026-06-18.tar", tell=tell)
            rows = db.session.execute(db.text(
                "select count(*), min(n), max(n) from (select count(s.id) n from law l "
                "left join law_section s on s.law_id = l.id group by l.id) x")).one()
            print(*rows)
        """
    )
    environ = os.environ | {"INSTANCE_DIR": str(tmp_path / "instance"), "ENVIRONMENT": "test"}
    environ.pop("DATABASE_URL", None)
    root = str(Path(__file__).parents[2])

    def start(how: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", script, str(tmp_path / "lover-2026-06-18.tar"), how]
        return subprocess.run(
            command, env=environ | {"PYTHONPATH": root}, cwd=root, capture_output=True, text=True
        )

    assert start("die").returncode == -signal.SIGKILL
    import sqlite3

    with sqlite3.connect(tmp_path / "instance" / "intranet.sqlite3") as database:
        counts = [row[0] for row in database.execute(
            "select count(s.id) from law l left join law_section s on s.law_id = l.id group by l.id"
        )]  # fmt: skip
    assert 100 <= len(counts) < 300
    assert set(counts) == {40}
    again = start("live")
    assert again.returncode == 0, again.stderr
    assert again.stdout.split()[-3:] == ["300", "40", "40"]


def test_import_reads_an_open_stream_from_its_beginning(context: Flask) -> None:
    stream = archive(ONE)
    stream.seek(0, io.SEEK_END)
    assert import_archive(stream, "p", as_of=NEW).counts.added == 1
