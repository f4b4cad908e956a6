"""What strangers and their words can make of a mail: nothing but plain text with our own address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.notifications.actions import notify
from intranet.notifications.channels import Mail, SmtpChannel, build
from intranet.notifications.delivery import deliver_waiting
from intranet.notifications.models import OutboxMessage
from tests.browser import Browser
from tests.cast import Cast
from tests.servers import smtp

TRICKS = "\u202egnp.exe\u2066\u200b\ufeff\u00ad"


@pytest.fixture
def mailbox() -> Iterator[smtp.Mailbox]:
    with smtp.running() as running:
        yield running


def mail(**changes: str) -> Mail:
    usual = Mail("Mona Dahl", "mona@havnsund.kommune.example", "portal@havnsund.kommune.example",
                 "Avvik venter", "Et avvik venter på deg.", "key")  # fmt: skip
    return replace(usual, **changes)


@pytest.mark.parametrize("forged", [
    {"HTTP_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_HOST": "localhost, evil.example"},
    {"HTTP_HOST": "localhost@evil.example"},
    {"HTTP_X_FORWARDED_FOR": "1.2.3.4", "HTTP_FORWARDED": "host=evil.example"},
])  # fmt: skip
def test_mail_holds_our_address_whatever_the_request_was_called(
    app: Flask, people: Cast, mailbox: smtp.Mailbox, log_in: Callable[[int], Browser],
    forged: dict[str, str],
) -> None:  # fmt: skip
    """EM-01: a report sent under a forged name tells the leader our own address."""
    ingrid = log_in(people.ingrid)
    fields = ingrid.get("/avvik/meld").form() | {
        "what": "Vått gulv.", "unit_id": str(people.strandheim)
    }  # fmt: skip
    fields = {name: value for name, value in fields.items() if name not in ("photo", "files")}
    token = ingrid.csrf_token()
    sent = {**fields, "csrf_token": token}
    response = ingrid.client.post("/avvik/meld", data=sent, environ_overrides=forged)
    assert response.status_code in (303, 400, 401, 403)
    assert "evil.example" not in response.headers.get("Location", "")
    with app.app_context():
        deliver_waiting(SmtpChannel(mailbox.url))
    for message in mailbox.messages:
        assert "evil.example" not in str(message)
        assert "http://localhost/avvik/" in message.get_content()
    if response.status_code == 303:
        assert mailbox.messages


@pytest.mark.parametrize(
    ("host", "status"),
    [("portal.example", 200), ("portal.example:443", 200), ("127.0.0.1:8000", 200),
     ("evil.example", 400), ("portal.example.evil.example", 400), ("portal.example,evil", 400),
     ("portal.example@evil.example", 400), ("", 400)],
)  # fmt: skip
def test_production_answers_under_its_own_name_only(app: Flask, host: str, status: int) -> None:
    """EM-01: also a page that holds no address of its own is not made under another's name."""
    with app.app_context():
        usual = get_settings()
    production = replace(usual, environment="production", base_url="https://portal.example")
    before = app.config["TRUSTED_HOSTS"]
    assert before is None
    app.config["TRUSTED_HOSTS"] = production.flask_config()["TRUSTED_HOSTS"]
    try:
        answer = app.test_client().get("/logg-inn", environ_overrides={"HTTP_HOST": host})
    finally:
        app.config["TRUSTED_HOSTS"] = before
    assert answer.status_code == status
    assert b"evil" not in answer.data


def test_reply_robots_are_asked_to_be_silent_and_a_reply_goes_nowhere_else() -> None:
    """EM-12."""
    message = build(mail())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Reply-To"] is None
    assert {name.lower() for name in message} <= {
        "to", "from", "subject", "date", "message-id", "auto-submitted",
        "x-auto-response-suppress", "content-type", "content-transfer-encoding", "mime-version",
    }  # fmt: skip


def test_mail_is_plain_text_only() -> None:
    """EM-15: there is no HTML part that could disagree or run."""
    message = build(mail(subject="<script>alert(1)</script>", text="<b>fet</b> &amp; {{7*7}}"))
    assert not message.is_multipart()
    assert message.get_content_type() == "text/plain"
    assert message["Subject"] == "<script>alert(1)</script>"
    assert message.get_content().strip() == "<b>fet</b> &amp; {{7*7}}"


def test_signs_that_turn_text_around_or_hide_in_it_do_not_reach_the_mail() -> None:
    """EM-17: and what people do write, with emojis in families, stays."""
    family = "👩‍👩‍👧 åøæ"
    message = build(mail(subject=f"Sak {TRICKS} {family}", text=f"Les {TRICKS} {family}",
                         recipient_name=f"Mona {TRICKS}Dahl"))  # fmt: skip
    for text in (message["Subject"], message.get_content(), message["To"]):
        assert not set(TRICKS) & set(text) - set("gnp.exe")
    assert family in message["Subject"]
    assert family in message.get_content()


def test_outbox_of_a_news_title_with_tricks_is_sent_without_them(
    app: Flask, people: Cast, mailbox: smtp.Mailbox
) -> None:
    """EM-17: from the row to the server."""
    with app.app_context(), transaction():
        notify([people.mona], event="news.published", subject_key="news:1",
               title=f"Ny sak{TRICKS}", url="/nyheter/1")  # fmt: skip
    with app.app_context():
        assert db.session.execute(select(OutboxMessage)).scalar_one().subject.startswith("Ny sak")
        deliver_waiting(SmtpChannel(mailbox.url))
    [message] = mailbox.messages
    assert message["Subject"] == "Ny sakgnp.exe"
