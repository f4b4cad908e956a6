"""The operator's commands say what they did, and end with 1 when something was refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from intranet.extensions import db
from intranet.laws.models import Law
from tests.laws.builders import archive, law, paragraph

SIX = law("lov/2005-06-17-62", paragraph("4-3", "Krav", "Tekst."), title="Lov (arbeidsmiljøloven)")


def command(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["laws", *arguments])


def count(app: Flask) -> int:
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(Law)) or 0)


def test_import_reports_each_archive(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "gjeldende-lover-2026-06-18.tar.bz2"
    path.write_bytes(archive(SIX).getvalue())
    result = command(app, "import", str(path))
    assert result.exit_code == 0, result.output
    assert "(2026-06-18): 1 dokumenter, 1 nye" in result.output
    assert count(app) == 1


def test_import_takes_the_day_that_it_is_told(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "lover.tar"
    path.write_bytes(archive(SIX, packed="").getvalue())
    assert "(2026-01-31)" in command(app, "import", "--as-of", "2026-01-31", str(path)).output


def test_import_of_a_broken_archive_ends_with_one_and_says_why(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "lover.tar.bz2"
    path.write_bytes(archive(SIX).getvalue()[:-20])
    result = command(app, "import", str(path))
    assert result.exit_code == 1
    assert "skadet eller avbrutt" in result.output
    assert count(app) == 0


def test_import_without_file_explains_itself(app: Flask) -> None:
    assert command(app, "import").exit_code == 2


@pytest.fixture
def source() -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_laws = self.path.endswith("/gjeldende-lover.tar.bz2")
            refid = "lov/2001-01-05-1" if is_laws else "forskrift/2001-01-05-1"
            data = archive(law(refid)).getvalue()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/get/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_fetch_imports_both_archives_from_the_address_in_the_settings(
    app: Flask, source: str
) -> None:
    kept = app.extensions["intranet_settings"]
    app.extensions["intranet_settings"] = replace(kept, law_source_url=source)
    try:
        result = command(app, "import", "--fetch")
    finally:
        app.extensions["intranet_settings"] = kept
    assert result.exit_code == 0, result.output
    assert count(app) == 2


def test_resolve_writes_a_line_per_question(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "lover.tar"
    path.write_bytes(archive(SIX, packed="").getvalue())
    assert command(app, "import", str(path)).exit_code == 0
    questions = tmp_path / "r.jsonl"
    lines = [
        {"id": "a", "text": "jf. aml. § 4-3 første ledd"},
        {"id": "b", "text": "jf. § 4-3", "context": "lov/2005-06-17-62"},
        {"id": "c", "text": "kommuneloven 25. september 1992 nr. 107 § 31"},
    ]
    questions.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    answers = [
        json.loads(line)
        for line in command(app, "resolve", "--file", str(questions)).output.splitlines()
    ]
    assert answers == [
        {"id": "a", "targets": [{"doc": "lov/2005-06-17-62", "section": "4-3", "ledd": 1}]},
        {"id": "b", "targets": [{"doc": "lov/2005-06-17-62", "section": "4-3"}]},
        {"id": "c", "targets": []},
    ]
