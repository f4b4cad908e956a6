"""Moves a deviation to whistleblowing, where only the recipients see it. Never commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update

from intranet.anonymous.models import AnonymousMessage, AnonymousReport
from intranet.anonymous.rooms import WHISTLEBLOWING
from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor, Viewer
from intranet.core.clock import OSLO, now
from intranet.core.errors import InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.deviations.actions.removal import take_out
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.models import Deviation, DeviationEntry, DeviationFile
from intranet.deviations.policy import can_move_to_whistleblowing
from intranet.deviations.queries.cases import Case as DeviationCase
from intranet.deviations.queries.clocks import list_clocks
from intranet.deviations.queries.copies import load_whole
from intranet.deviations.workflow import REPORTER_CODES
from intranet.extensions import db
from intranet.people.queries.persons import names_of
from intranet.whistleblowing.actions.opening import (
    demand_recipients,
    demand_somebody_besides,
    open_case,
)
from intranet.whistleblowing.actions.steps import WHISTLEBLOWER, add_entry, audit, tell_handlers
from intranet.whistleblowing.models import (
    WhistleCase,
    WhistleClock,
    WhistleEntry,
    WhistleFile,
    WhistleOrigin,
)
from intranet.whistleblowing.queries.cases import get_case, list_recipients

A_DAY = timedelta(days=1)


def move_deviation(
    case: DeviationCase,
    reason: str,
    *,
    without_ids: Collection[int] = (),
    actor: Viewer,
    version: int | None = None,
) -> WhistleCase:
    """Make it a whistleblowing case, with its story, files, clocks and all that was in it.

    The reporter, the handler and the line above may. From then on it exists for the recipients and
    its reporter; those whom the deviation concerned are no recipients.
    """
    _check(case, reason, actor, version)
    return _move(case, reason, without_ids, actor)


def move_as_asked(
    case: DeviationCase, reason: str, *, without_ids: Collection[int] = ()
) -> WhistleCase:
    """Make it a whistleblowing case because who reported it without a name asked for it.

    With the code, which was checked when it was written.
    """
    demand_recipients()
    return _move(case, reason, without_ids, WHISTLEBLOWER)


def _move(
    case: DeviationCase, reason: str, without_ids: Collection[int], actor: Actor
) -> WhistleCase:
    known = {person_id for person_id, _name in list_recipients()}
    excluded = {*case.access.concerned_ids, *(known & set(without_ids))}
    demand_somebody_besides({*excluded, case.deviation.reporter_id or 0})
    whistle = open_case(_case_of(case), excluded)
    _keep_origin(whistle, case, reason, actor)
    _copy_story(whistle, case.deviation)
    _copy_files(whistle, case.deviation.id)
    _copy_clocks(whistle, list_clocks(case.deviation.id))
    _take_over_report(whistle, case.deviation.id)
    address = f"/varsling/min/{whistle.id}"
    origin = db.session.get_one(WhistleOrigin, whistle.id)
    origin.rows = take_out(case, address)
    is_reporter = actor.id == whistle.reporter_id
    add_entry(
        whistle,
        "wish" if is_reporter else "move",
        actor=actor,
        is_public=True,
        is_from_whistleblower=is_reporter,
    )
    audit(AuditEvent.WHISTLE_RECEIVED, whistle, actor=actor)
    tell_handlers(get_case(whistle.id), key="received", actor=actor)
    return whistle


def _check(case: DeviationCase, reason: str, actor: Viewer, version: int | None) -> None:
    if version is not None and version != case.deviation.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret saken mens du holdt på. Se hva som er nytt før du prøver igjen.")
        )
    if not can_move_to_whistleblowing(actor, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor dette er varsling."), "reason")
    demand_recipients()


def _case_of(case: DeviationCase) -> WhistleCase:
    deviation = case.deviation
    return WhistleCase(
        reporter_id=deviation.reporter_id,
        what=deviation.what,
        happened=_moment(deviation.happened_at, day_only=deviation.is_anonymous),
        unit_id=deviation.unit_id,
        concerns=", ".join(case.concerned.values()),
    )


def _keep_origin(whistle: WhistleCase, case: DeviationCase, reason: str, actor: Actor) -> None:
    whole = load_whole(case)
    db.session.add(
        WhistleOrigin(
            case_id=whistle.id,
            number=case.deviation.number,
            moved_by=actor.id,
            reason=reason,
            facts=[list(fact) for fact in whole.facts],
            parts=[[part.heading, part.text, part.about] for part in whole.parts],
            rows={},
        )
    )
    db.session.flush()


def _copy_story(whistle: WhistleCase, deviation: Deviation) -> None:
    entries = db.session.execute(
        select(DeviationEntry)
        .where(DeviationEntry.deviation_id == deviation.id)
        .order_by(DeviationEntry.id)
    ).scalars()
    for entry in entries:
        is_theirs = entry.author_id == deviation.reporter_id and (
            entry.author_id is not None or entry.code in REPORTER_CODES
        )
        leader = names_of([entry.on_behalf_of]).get(entry.on_behalf_of or 0, "")
        db.session.add(
            WhistleEntry(
                case_id=whistle.id,
                on=entry.at.astimezone(OSLO).date(),
                code="origin",
                params={"code": entry.code, "params": entry.params, "for": leader},
                text=entry.text,
                is_public=entry.is_public,
                is_from_whistleblower=is_theirs,
                author_id=entry.author_id,
            )
        )
        db.session.flush()


def _copy_files(whistle: WhistleCase, deviation_id: int) -> None:
    files = db.session.execute(
        select(DeviationFile)
        .where(DeviationFile.deviation_id == deviation_id)
        .order_by(DeviationFile.id)
    ).scalars()
    for file in files:
        db.session.add(
            WhistleFile(
                case_id=whistle.id, stored_file_id=file.stored_file_id, is_public=file.is_public
            )
        )
        db.session.flush()


def _copy_clocks(whistle: WhistleCase, clocks: list[StatutoryClock]) -> None:
    """What is done is told among the parts; what still waits goes on waiting."""
    for clock in clocks:
        if clock.is_open:
            db.session.add(
                WhistleClock(
                    case_id=whistle.id,
                    name=f"{clock.key}.{clock.phase}",
                    law=clock.law,
                    recipient=clock.recipient,
                    due_at=clock.due_at,
                    remind_at=max(now(), clock.due_at - A_DAY),
                )
            )


def _take_over_report(whistle: WhistleCase, deviation_id: int) -> None:
    """Let the code of an anonymous report lead here, with what still waits to be delivered."""
    report = db.session.execute(
        select(AnonymousReport).where(AnonymousReport.deviation_id == deviation_id)
    ).scalar_one_or_none()
    if report is None:
        return
    whistle.report_id, report.room, report.deviation_id = report.id, WHISTLEBLOWING, None
    # That it was not solved is told as a message: nothing is opened again here.
    db.session.execute(
        update(AnonymousMessage)
        .where(AnonymousMessage.report_id == report.id)
        .values(is_not_solved=False)
    )
    db.session.flush()


def _moment(moment: datetime, *, day_only: bool) -> str:
    local = moment.astimezone(OSLO)
    return f"{local:%d.%m.%Y}" if day_only else f"{local:%d.%m.%Y kl. %H.%M}"
