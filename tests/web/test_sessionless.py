"""Pages without a session: nothing of the visitor is opened, set, read or written down."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string, request, session, url_for
from flask.testing import FlaskClient

from intranet import create_app
from intranet.config import Settings
from intranet.extensions import db
from intranet.web import sessionless
from intranet.web.access import public
from intranet.web.sessionless import Bucket, describe_fault, make_sessionless_blueprint
from tests.browser import Browser, counted_queries
from tests.cast import make

SECRET = "noe-bare-melderen-vet-4711"


def _settings(folder: Path, **more: Any) -> Settings:
    return Settings(
        instance_dir=folder,
        secret_key="s" * 32,
        audit_key="a" * 32,
        database_url=f"sqlite:///{folder}/s.sqlite3",
        environment="test",
        directory_file=folder / "directory.json",
        **more,
    )


def _with_room(app: Flask) -> Flask:
    room = make_sessionless_blueprint("quiet", __name__, "/stille")

    @room.route("/stille", methods=["GET", "POST"])
    @public
    def talk() -> str:
        logging.getLogger("intranet.core").error("said %s", request.form.get("text"))
        return render_template_string(
            '{% extends "_layout/plain.html" %}{% block title %}x{% endblock %}'
            "{% block main %}<h1>{{ _('Forside') }}</h1>{{ address }}{% endblock %}",
            address=url_for("quiet.talk"),
        )

    @room.post("/stille/feil")
    @public
    def fail() -> str:
        raise ValueError(request.form["text"])

    @room.post("/stille/skriv")
    @public
    def write() -> str:
        session["sid"] = "x"
        return ""

    app.register_blueprint(room)
    return app


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[Flask]:
    app = _with_room(create_app(_settings(tmp_path, base_url="http://localhost")))
    with app.app_context():
        db.create_all()
        make()
        db.session.commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def logged_in(quiet: Flask) -> FlaskClient:
    return Browser(quiet).logged_in_as(1).client


def test_logged_in_browser_is_nobody_there(quiet: Flask, logged_in: FlaskClient) -> None:
    """AN-02, AN-06, AN-12: no statement at all, no cookie, no name, no referrer to the next page."""
    before = logged_in.get_cookie("okt")
    assert before is not None
    with counted_queries() as queries:
        answer = logged_in.get("/stille")
    assert answer.status_code == 200
    assert queries == []
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "X-Request-Id" not in answer.headers
    assert "csrf_token" not in answer.text
    # The session is untouched: the person is still logged in.
    assert logged_in.get_cookie("okt") == before
    assert logged_in.get("/varsler").status_code == 200


def test_unknown_address_below_the_prefix_is_as_quiet(quiet: Flask, logged_in: FlaskClient) -> None:
    with counted_queries() as queries:
        answer = logged_in.get("/stille/finnes-ikke")
    assert (answer.status_code, queries) == (404, [])
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "X-Request-Id" not in answer.headers


def test_address_that_only_begins_alike_is_an_ordinary_one(quiet: Flask) -> None:
    with quiet.test_request_context("/stillere"):
        assert not sessionless.is_sessionless()


def test_session_cannot_be_written_there(quiet: Flask, logged_in: FlaskClient) -> None:
    answer = logged_in.post("/stille/skriv", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 500
    assert "Set-Cookie" not in answer.headers


def test_nothing_is_logged_of_the_visit(
    quiet: Flask, logged_in: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """AN-03: neither our line for each request nor what deeper code says on the way."""
    with caplog.at_level(logging.DEBUG):
        logged_in.post("/stille", data={"text": SECRET}, headers={"User-Agent": "Kjennetegn/1"})
        assert [record for record in caplog.records if record.name.startswith("intranet")] == []
        assert SECRET not in caplog.text
        assert "Kjennetegn" not in caplog.text
        logged_in.get("/varsler")
    assert "notifications.list_notices" in caplog.text


def test_crash_keeps_the_text_for_the_writer_and_from_the_log(
    quiet: Flask,
    logged_in: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """AN-13: the operators are told hours later, what kind and where, never the words."""
    timers: list[tuple[float, Any]] = []

    class Timer:
        def __init__(self, seconds: float, act: Any) -> None:
            timers.append((seconds, act))

        def start(self) -> None:
            pass

    monkeypatch.setattr(sessionless.threading, "Timer", Timer)
    with caplog.at_level(logging.DEBUG):
        answer = logged_in.post("/stille/feil", data={"text": SECRET})
        assert answer.status_code == 500
        assert SECRET in answer.text
        assert "intranet" not in {record.name.split(".")[0] for record in caplog.records}
        [(seconds, act)] = timers
        assert 2 * 3600 <= seconds <= 8 * 3600
        act()
    assert "ValueError" in caplog.text
    assert "test_sessionless.py" in caplog.text
    assert SECRET not in caplog.text


def test_failed_statement_tells_no_log_what_was_written(quiet: Flask) -> None:
    """AN-13: SQLAlchemy would put the parameters in the error's text."""
    with quiet.app_context(), pytest.raises(Exception, match="nowhere") as caught:
        db.session.execute(db.text("insert into nowhere values (:text)"), {"text": SECRET})
    assert SECRET not in str(caught.value)
    assert SECRET not in describe_fault(caught.value)
    assert "OperationalError" in describe_fault(caught.value)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://portal.example"}, 403),
        ({"Origin": "https://portal.example"}, 200),
        ({"Origin": "https://ond.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_form_from_elsewhere_is_refused(
    tmp_path: Path, headers: dict[str, str], expected: int
) -> None:
    app = _with_room(create_app(_settings(tmp_path, base_url="https://portal.example")))
    client = app.test_client()
    url = "https://portal.example/stille"
    assert client.post(url, data={"text": "x"}, headers=headers).status_code == expected
    assert client.get(url, headers=headers).status_code == 200


def test_language_is_in_the_address_and_nowhere_else(quiet: Flask, logged_in: FlaskClient) -> None:
    logged_in.set_cookie("sprak", "nn")
    page = logged_in.get("/stille")
    assert '<html lang="nb"' in page.text
    page = logged_in.get("/stille?sprak=en")
    assert '<html lang="en"' in page.text
    assert "/stille?sprak=en" in page.text
    assert "Set-Cookie" not in page.headers
    assert '<html lang="nb"' in logged_in.get("/stille?sprak=xx").text
    assert logged_in.get("/stille?sprak=%22%3E%3Cb%3E").status_code == 200


def test_bucket_counts_without_knowing_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    """AN-11."""
    moment = [100.0]
    monkeypatch.setattr(sessionless.time, "monotonic", lambda: moment[0])
    bucket = Bucket(3, 10)
    assert [bucket.take() for _number in range(4)] == [True, True, True, False]
    moment[0] += 9
    assert not bucket.take()
    moment[0] += 12
    assert [bucket.take() for _number in range(3)] == [True, True, False]
    moment[0] += 10_000
    assert [bucket.take() for _number in range(4)] == [True, True, True, False]
