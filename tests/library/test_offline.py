"""The copy of the library that needs no server: what is in it, what is not, and how it is put out."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from PIL import Image

from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library import jobs, offline, offline_copy
from intranet.library.actions import approve, write
from intranet.library.offline_copy import find_copy, write_copy
from intranet.library.offline_health import OLDEST, probe_offline_copy
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import list_files, load_working_revision
from intranet.library.take_in_models import DocumentOrigin, TakeInRun
from tests import cast
from tests.cast import Cast
from tests.library.conftest import Attach, MakeDocument


def _png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(made, "PNG")
    return made.getvalue()


PICTURE = _png()
HOSTILE = (
    "## Slik\n\nSe [neste](/bibliotek/{other}), [utkastet](/bibliotek/{draft}), "
    "[nyheten](/nyheter/4) og [Lovdata](https://lovdata.no/x). "
    "![Plan]({picture}) [skjemaet](/bibliotek/{number}/fil/{file}) [stikk](/bibliotek/{other}/fil/{file}) ![Borte](/nyheter/9/bilde)\n\n"
    "<script>alert(1)</script> [x](javascript:alert(1))"
)


class Addresses(HTMLParser):
    """What a page leads to or loads, and which elements it has."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _value in attrs if name.startswith("on") or name == "style"]
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.fixture
def settings_with_copy(app: Flask, tmp_path: Path) -> Path:
    folder = tmp_path / "kopi"
    app.extensions["intranet_settings"] = replace(
        app.extensions["intranet_settings"], offline_copy_dir=folder
    )
    return folder


def test_the_copy_holds_what_applies_and_every_link_in_it_leads_somewhere(
    app: Flask, people: Cast, make_document: MakeDocument, attach: Attach, tmp_path: Path
) -> None:
    other, draft, gone = make_document(title="Neste"), make_document("draft"), make_document()
    number = make_document("draft", title="Med <b> & «bilde»", keywords="brann")
    attach(number, "tegning/../plan # 1.png", PICTURE)
    with app.app_context():
        eva, mona = cast.viewer(people.eva), cast.viewer(people.mona)
        with transaction():
            approve.withdraw_document(load_document(gone), "Gammelt", actor=mona)
            run = TakeInRun(list_name="liste.csv")
            db.session.add(run)
            db.session.flush()
            db.session.add(
                DocumentOrigin(
                    document_id=load_document(other).id, run_id=run.id, number="HB-77",
                    file_name="hb77.docx", sha256="0" * 64,
                )
            )  # fmt: skip
            document = load_document(number)
            revision = load_working_revision(document)
            (row,) = list_files(revision.id)
            body = HOSTILE.format(
                other=other, draft=draft, number=number, file=row.id,
                picture=f"/bibliotek/{number}/bilde/{row.stored_file_id}",
            )  # fmt: skip
            contents = write.DraftContents(title=revision.title, body=body, change_note="Ny")
            write.edit_draft(document, contents, version=revision.version, actor=eva)
            approve.send_to_approval(document, version=revision.version, actor=eva)
            approve.approve_revision(document, version=revision.version, actor=mona)
        made = write_copy(tmp_path / "kopi")
        db.session.remove()
    assert (made.documents, made.files) == (2, 1)
    folder = tmp_path / "kopi"
    pages = sorted(folder.rglob("*.html"))
    assert {each.name for each in (folder / "dokumenter").iterdir()} == {
        f"{each}.html" for each in (other, number)
    }
    for page in pages:
        read = Addresses(page)
        assert ("script" in read.tags) is (page.name == "index.html")
        for target in read.found:
            if not target.startswith(("https://lovdata.no", "#")):
                assert (page.parent / unquote(target)).is_file(), (page, target)
    text = (folder / f"dokumenter/{number}.html").read_text(encoding="utf-8")
    assert re.search(r"Ukontrollert kopi, hentet [\d.]+ kl\. [\d.]+\. PRO.\d, versjon 1\.", text)
    assert "<script" not in text
    assert "javascript:" not in Addresses(folder / f"dokumenter/{number}.html").found
    assert "utkastet, nyheten og" in text
    assert re.search(r'<img[^>]* src="\.\./filer/PRO-\d/\d+-', text)
    assert text.count("plan%20_%201.png") == 3
    assert " stikk " in text
    assert " Borte" in text
    data = (folder / "sokedata.js").read_text(encoding="ascii")
    assert "HB-77" in data
    assert "HB-77" in (folder / f"dokumenter/{other}.html").read_text(encoding="utf-8")
    assert [row[0] for row in json.loads(data.removeprefix("var LIBRARY = ").rstrip(";\n"))] == [
        other,
        number,
    ]


def test_a_copy_takes_the_former_ones_place_and_touches_nothing_else(
    app: Flask, make_document: MakeDocument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, folder = make_document(), tmp_path / "kopi"
    with app.app_context():
        write_copy(folder)
        (folder / "rest.html").write_text("forrige kopi")
        write_copy(folder)
        assert not (folder / "rest.html").exists()

        def fail(*_all: object) -> None:
            raise OSError("disken er full")

        monkeypatch.setattr(offline_copy.offline, "stand_alone", fail)
        with pytest.raises(OSError, match="full"):
            write_copy(folder)
        db.session.remove()
    assert (folder / f"dokumenter/{number}.html").is_file()
    assert [each.name for each in tmp_path.iterdir()] == ["kopi"]


def test_a_folder_with_something_else_in_it_is_refused(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "viktig.txt").write_text("bilder")
    result = app.test_cli_runner().invoke(args=["library", "export-offline", str(tmp_path)])
    assert result.exit_code == 1
    assert "noe annet" in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["viktig.txt"]


def test_the_night_writes_one_copy_and_the_health_page_tells_when_none_comes(
    app: Flask, make_document: MakeDocument, settings_with_copy: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    make_document()
    written: Callable[[], int] = jobs.copy_for_offline
    with app.app_context():
        assert not probe_offline_copy().is_good
        night = datetime.now(UTC).replace(hour=3)
        monkeypatch.setattr(jobs, "now", lambda: night)
        assert written() == 1
        assert written() == 0
        assert probe_offline_copy().is_good
        copy = find_copy(settings_with_copy)
        assert copy
        mark = {**json.loads((settings_with_copy / "kopi.json").read_text())}
        mark["written_at"] = (copy.written_at - OLDEST).isoformat()
        (settings_with_copy / "kopi.json").write_text(json.dumps(mark))
        assert not probe_offline_copy().is_good
        assert written() == 1
        db.session.remove()


def test_without_a_folder_nothing_is_written(app: Flask) -> None:
    with app.app_context():
        assert jobs.copy_for_offline() == 0
        assert probe_offline_copy().is_good


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("plan.pdf", "filer/PRO-1/7-plan.pdf"),
        ("../../etc/passwd.txt", "filer/PRO-1/7-_.._etc_passwd.txt"),
        ('a:b*c?"<>|.docx', "filer/PRO-1/7-a_b_c_____.docx"),
        ("æøå 1.odt", "filer/PRO-1/7-æøå 1.odt"),
        ("x" * 300 + ".csv", f"filer/PRO-1/7-{'x' * 80}.csv"),
    ],
)
def test_a_file_has_a_name_that_every_disk_keeps(name: str, kept: str) -> None:
    assert offline.file_name("PRO-1", 7, name) == kept
