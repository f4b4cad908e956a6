"""After a restore no mail goes out and nobody is logged in, until somebody has decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.notifications.actions import notify
from intranet.notifications.channels import SmtpChannel
from intranet.notifications.delivery import deliver_waiting
from intranet.notifications.holding import release_mail
from intranet.notifications.models import OutboxMessage
from intranet.notifications.queries import probe_outbox
from tests.browser import Browser
from tests.cast import Cast
from tests.servers import smtp

LogIn = Callable[[int], Browser]


@pytest.fixture(autouse=True)
def released(app: Flask) -> Iterator[None]:
    """No mark is left in the instance folder for the next test."""
    yield
    with app.app_context():
        release_mail()


@pytest.fixture
def mailbox() -> Iterator[smtp.Mailbox]:
    with smtp.running() as running:
        yield running


def tell(app: Flask, person: int, number: int) -> None:
    with app.app_context(), transaction():
        notify(
            [person],
            event="deviation.reported",
            subject_key=f"deviation:{number}:v1",
            title=f"Avvik 2026-{number:04} venter på deg",
            url=f"/avvik/{number}",
        )


def deliver(app: Flask, mailbox: smtp.Mailbox) -> int:
    with app.app_context():
        return deliver_waiting(SmtpChannel(mailbox.url))


def backup(app: Flask, *arguments: str) -> str:
    done = app.test_cli_runner().invoke(args=["backup", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def states(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)))


def test_no_mail_goes_out_until_it_is_said_what_becomes_of_it(
    app: Flask, people: Cast, mailbox: smtp.Mailbox
) -> None:
    """BR-07."""
    tell(app, people.mona, 1)
    assert "ikke var sendt da kopien ble tatt: 1." in backup(app, "restored")
    tell(app, people.mona, 2)
    assert deliver(app, mailbox) == 0
    with app.app_context():
        assert probe_outbox().values["held"] is True
    told = backup(app, "mail")
    assert "Avvik 2026-0001 venter på deg" in told
    assert "holdes tilbake: 2." in told
    assert "2 sendes nå" in backup(app, "mail", "--send")
    assert deliver(app, mailbox) == len(mailbox.envelopes) == 2
    with app.app_context():
        assert "held" not in probe_outbox().values


def test_what_is_dropped_is_never_sent_and_what_comes_later_is(
    app: Flask, people: Cast, mailbox: smtp.Mailbox
) -> None:
    tell(app, people.mona, 1)
    backup(app, "restored")
    assert "1 blir ikke sendt" in backup(app, "mail", "--drop")
    tell(app, people.mona, 2)
    assert deliver(app, mailbox) == 1
    assert states(app) == ["parked", "sent"]
    tell(app, people.mona, 3)
    assert "holdes ikke tilbake" in backup(app, "mail", "--drop")
    assert states(app) == ["parked", "sent", "waiting"]


def test_everybody_logs_in_anew_after_a_restore_and_the_log_says_why(
    app: Flask, people: Cast, log_in: LogIn
) -> None:
    """BR-07."""
    browser = log_in(people.mona)
    assert browser.get("/varsler").status == 200
    assert "Økter avsluttet: 1." in backup(app, "restored")
    backup(app, "mail", "--drop")
    answer = browser.get("/varsler", follow_redirects=False, inspect=False)
    assert answer.response.location.startswith("/logg-inn")
    with app.app_context():
        events = set(db.session.scalars(select(AuditEntry.event)))
    assert {"backup.restored", "backup.mail_settled"} <= events
