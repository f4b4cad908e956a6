"""What a link, a move or a merge passes on: nothing to who only has the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.transaction import transaction
from intranet.deviations.actions import handle, merge
from intranet.deviations.models import Deviation
from intranet.extensions import db
from intranet.notifications.models import OutboxMessage
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do, report

LogIn = Callable[[int], Browser]


def test_link_in_a_mail_opens_nothing_by_itself(
    app: Flask, people: cast.Cast, log_in: LogIn, client: Browser
) -> None:
    """AZ-33: Mona's mail, forwarded to Tor and opened where nobody is logged in."""
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        [url] = db.session.execute(
            select(OutboxMessage.url).where(OutboxMessage.recipient_id == people.mona)
        ).scalars()
        db.session.remove()
    assert url == f"/avvik/{number}"
    assert client.get(url).heading == "Logg inn"
    stranger = log_in(people.tor).get(url)
    missing = log_in(people.tor).get(f"/avvik/{number + 1000}")
    assert (stranger.status, missing.status) == (404, 404)
    assert stranger.heading == missing.heading
    assert log_in(people.mona).get(url).status == 200


def test_forwarded_case_leaves_the_desk_it_lay_on_and_the_audit_names_both(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-31: the new handler gains; who neither handles it nor leads above the place loses."""
    with app.app_context():
        number = report(people.tor, people.school)
        db.session.remove()
    old, new = log_in(people.rita), log_in(people.henrik)
    assert new.get(f"/avvik/{number}").status == 404
    form = old.get(f"/avvik/{number}/videresend").form()
    answer = old.post(
        f"/avvik/{number}/videresend",
        {**form, "unit_id": str(people.home_care), "reason": "Det skjedde hos dere."},
        follow_redirects=False,
    )
    assert answer.status == 303
    assert new.get(f"/avvik/{number}").status == 200
    assert new.post(f"/avvik/{number}/bekreft", new.get(f"/avvik/{number}").form()).status == 200
    with app.app_context():
        entry = db.session.execute(
            select(AuditEntry).where(AuditEntry.event == "deviation.forwarded")
        ).scalar_one()
        assert entry.actor_id == people.rita
        assert str(people.henrik) in entry.details
        db.session.remove()


@pytest.mark.parametrize("is_parted", [False, True])
def test_merging_shows_no_reporter_the_report_of_another(
    app: Flask, people: cast.Cast, log_in: LogIn, is_parted: bool
) -> None:
    """AZ-31: neither while the two are one nor after they are parted again; the audit has both."""
    with app.app_context():
        main, other = (
            report(people.ingrid, people.strandheim),
            report(people.jonas, people.strandheim),
        )
        do(people.mona, main, handle.acknowledge_deviation)
        with transaction():
            case, viewer = case_for(people.mona, other)
            merge.merge_deviation(case, case_for(people.mona, main)[0], actor=viewer)
        if is_parted:
            do(people.mona, other, merge.unmerge_deviation)
        ids = set(
            db.session.execute(
                select(Deviation.id).where(Deviation.number.in_([main, other]))
            ).scalars()
        )
        named = set(
            db.session.execute(
                select(AuditEntry.subject_id).where(
                    AuditEntry.event == ("deviation.unmerged" if is_parted else "deviation.merged")
                )
            ).scalars()
        )
        assert named == {str(each) for each in ids}
        db.session.remove()
    for person, own, hidden in (
        (people.ingrid, main, other), (people.jonas, other, main),
    ):  # fmt: skip
        browser = log_in(person)
        assert browser.get(f"/avvik/{own}").status == 200
        assert browser.get(f"/avvik/{hidden}").status == 404
    assert log_in(people.mona).get(f"/avvik/{other}").status == 200


def test_leader_does_not_read_who_read_what_elsewhere(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-27: the log is closed to leaders, and the list on a case to those who do not see it."""
    with app.app_context():
        number = report(people.ingrid, people.strandheim)
        with transaction():
            db.session.execute(
                select(Deviation).where(Deviation.number == number)
            ).scalar_one().is_confidential = True
        db.session.remove()
    assert "Mona Dahl" in log_in(people.mona).get(f"/avvik/{number}").text
    for leader in (people.rita, people.olav, people.henrik):
        browser = log_in(leader)
        assert browser.get(f"/avvik/{number}").status == 404
        for address in ("/revisjonslogg", "/revisjonslogg?hendelse=deviation.opened"):
            assert browser.get(address).status == 403
