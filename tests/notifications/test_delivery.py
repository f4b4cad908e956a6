"""Mail from the commit to a real SMTP server: once, in order, and never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.notifications.actions import notify
from intranet.notifications.channels import Mail, SmtpChannel, WillNeverWork, build
from intranet.notifications.delivery import PAUSES, deliver_waiting
from intranet.notifications.models import Notice, OutboxMessage
from intranet.notifications.queries import probe_outbox
from intranet.people.models import Person
from tests.cast import Cast
from tests.conftest import MORNING
from tests.servers import smtp


@pytest.fixture
def mailbox() -> Iterator[smtp.Mailbox]:
    with smtp.running() as running:
        yield running


def _tell(app: Flask, *persons: int, key: str = "deviation:1:v1", **options: object) -> None:
    with app.app_context(), transaction():
        notify(
            persons,
            event="deviation.reported",
            subject_key=key,
            title="Avvik 2026-0001 venter på deg",
            url="/avvik/202600001",
            **options,  # type: ignore[arg-type]
        )


def _deliver(app: Flask, mailbox: smtp.Mailbox) -> int:
    with app.app_context():
        return deliver_waiting(SmtpChannel(mailbox.url))


def _rows(app: Flask) -> list[OutboxMessage]:
    with app.app_context():
        rows = list(db.session.execute(select(OutboxMessage).order_by(OutboxMessage.id)).scalars())
        db.session.expunge_all()
        return rows


def test_recipient_gets_a_link_and_norwegian_letters(
    app: Flask, people: Cast, mailbox: smtp.Mailbox
) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, people.mona).name = "Mona Dåhl, Ærlig"
    _tell(app, people.mona)
    assert _deliver(app, mailbox) == 1
    (message,) = mailbox.to("mona@havnsund.kommune.example")
    assert message["To"].addresses[0].display_name == "Mona Dåhl, Ærlig"
    assert message["Subject"] == "Avvik 2026-0001 venter på deg"
    assert "http://localhost/avvik/202600001" in message.get_content()
    assert message["Auto-Submitted"] == "auto-generated"


def test_same_event_reaches_a_person_once(app: Flask, people: Cast, mailbox: smtp.Mailbox) -> None:
    _tell(app, people.mona, people.mona)
    _tell(app, people.mona, people.kaja)
    _deliver(app, mailbox)
    assert _deliver(app, mailbox) == 0
    assert len(mailbox.to("mona@havnsund.kommune.example")) == 1
    assert len(mailbox.to("kaja@havnsund.kommune.example")) == 1


def test_rolled_back_change_tells_nobody(app: Flask, people: Cast) -> None:
    """EM-05: nothing before commit."""
    with app.app_context(), pytest.raises(RuntimeError), transaction():
        notify([people.mona], event="x.y", subject_key="1", title="t", url="/")
        raise RuntimeError
    assert _rows(app) == []
    with app.app_context():
        assert db.session.execute(select(Notice)).first() is None


def test_server_that_is_down_is_tried_again_with_growing_pauses(
    app: Flask, people: Cast, at: Callable[[datetime], None], mailbox: smtp.Mailbox
) -> None:
    """EM-04, EM-09."""
    at(MORNING)
    _tell(app, people.mona)
    with app.app_context():
        deliver_waiting(SmtpChannel("smtp+plain://127.0.0.1:1"))
    (row,) = _rows(app)
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.next_try_at == MORNING + timedelta(minutes=PAUSES[0])
    assert _deliver(app, mailbox) == 0
    at(MORNING + timedelta(minutes=2))
    assert _deliver(app, mailbox) == 1
    assert _rows(app)[0].state == "sent"


def test_mail_that_never_gets_through_is_parked_with_the_reason(
    app: Flask, people: Cast, at: Callable[[datetime], None], mailbox: smtp.Mailbox
) -> None:
    mailbox.answer = "451 try later"
    moment = MORNING
    at(moment)
    _tell(app, people.mona)
    for _attempt in range(len(PAUSES) + 1):
        _deliver(app, mailbox)
        moment += timedelta(days=1)
        at(moment)
    (row,) = _rows(app)
    assert (row.state, row.reason) == ("parked", "tjeneren svarte 451")


def test_refused_recipient_does_not_stop_the_others(
    app: Flask, people: Cast, mailbox: smtp.Mailbox
) -> None:
    """EM-06."""
    mailbox.refused["mona@havnsund.kommune.example"] = "550 no such user"
    _tell(app, people.mona, people.kaja)
    _deliver(app, mailbox)
    states = {row.recipient_id: row.state for row in _rows(app)}
    assert states == {people.mona: "parked", people.kaja: "sent"}


@pytest.mark.parametrize("address", ["", "ikke en adresse", "kåre@bø.example", "a\r\nBcc: b@c.no"])
def test_address_that_cannot_work_is_parked_and_the_queue_goes_on(
    app: Flask, people: Cast, mailbox: smtp.Mailbox, address: str
) -> None:
    """EM-02, EM-07, EM-10."""
    with app.app_context(), transaction():
        db.session.get_one(Person, people.kaja).email = address
    _tell(app, people.kaja, people.mona)
    _deliver(app, mailbox)
    states = {row.recipient_id: row.state for row in _rows(app)}
    assert states[people.mona] == "sent"
    assert states[people.kaja] == "parked"
    assert all(len(envelope.rcpt_tos) == 1 for envelope in mailbox.envelopes)


def test_line_break_in_a_name_or_title_makes_no_header() -> None:
    """EM-02."""
    mail = Mail("Ola\r\nBcc: x@y.no", "ola@x.example", "a@b.example", "Hei\nBcc: x@y.no", "t", "k")
    message = build(mail)
    assert message["Bcc"] is None
    assert message["Subject"] == "Hei Bcc: x@y.no"


def test_message_id_is_the_same_at_every_attempt() -> None:
    mail = Mail("Ola", "ola@x.example", "a@b.example", "Hei", "t", "k")
    assert build(mail)["Message-ID"] == build(mail)["Message-ID"]


def test_two_workers_send_each_mail_once(app: Flask, people: Cast, mailbox: smtp.Mailbox) -> None:
    """EM-08."""
    for number in range(30):
        _tell(app, people.mona, key=f"deviation:{number}:v1")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: _deliver(app, mailbox), range(4)))
    ids = [message["Message-ID"] for message in mailbox.messages]
    assert len(ids) == len(set(ids)) == 30


def test_worker_that_died_with_a_lease_is_followed_by_another(
    app: Flask, people: Cast, at: Callable[[datetime], None], mailbox: smtp.Mailbox
) -> None:
    """EM-05: the lease runs out."""
    at(MORNING)
    _tell(app, people.mona)
    with app.app_context(), transaction():
        row = db.session.execute(select(OutboxMessage)).scalar_one()
        row.lease, row.leased_until = "dead", MORNING + timedelta(minutes=5)
    assert _deliver(app, mailbox) == 0
    at(MORNING + timedelta(minutes=6))
    assert _deliver(app, mailbox) == 1


def test_urgent_mail_goes_first(app: Flask, people: Cast, mailbox: smtp.Mailbox) -> None:
    """EM-16."""
    _tell(app, people.mona)
    _tell(app, people.kaja, key="deviation:2:v1", is_urgent=True)
    _deliver(app, mailbox)
    assert mailbox.envelopes[0].rcpt_tos == ["kaja@havnsund.kommune.example"]


def test_deactivated_person_gets_no_mail(app: Flask, people: Cast, mailbox: smtp.Mailbox) -> None:
    _tell(app, people.mona)
    with app.app_context(), transaction():
        db.session.get_one(Person, people.mona).is_directory_active = False
    _deliver(app, mailbox)
    assert mailbox.envelopes == []
    assert _rows(app)[0].state == "parked"


def test_starttls_that_the_server_lacks_sends_nothing(
    app: Flask, people: Cast, mailbox: smtp.Mailbox
) -> None:
    """EM-04: no fall-back to clear text."""
    _tell(app, people.mona)
    with app.app_context():
        deliver_waiting(SmtpChannel(mailbox.url.replace("smtp+plain", "smtp")))
    assert mailbox.envelopes == []
    assert _rows(app)[0].state == "waiting"


def test_health_is_bad_when_a_mail_has_waited_too_long(
    app: Flask, people: Cast, at: Callable[[datetime], None]
) -> None:
    at(MORNING)
    _tell(app, people.mona)
    at(MORNING + timedelta(minutes=30))
    with app.app_context():
        # Without a mail server nothing is late: the notices are in the page.
        assert probe_outbox().is_good


def test_address_without_domain_is_refused() -> None:
    with pytest.raises(WillNeverWork):
        build(Mail("Ola", "ola", "a@b.example", "Hei", "t", "k"))
