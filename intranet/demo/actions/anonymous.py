"""A few anonymous cases, sent and delivered by the actions that the pages and the clock use."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from intranet.anonymous.actions.deliver import close_for_delivery, deliver_ready, plan_next
from intranet.anonymous.actions.send import AnonymousContent, send_message, send_report
from intranet.anonymous.models import AnonymousReport
from intranet.anonymous.queries import get_followed
from intranet.core.clock import OSLO, now, stopped_at
from intranet.core.receipt_code import hash_code, show_code
from intranet.demo.actions.cast import Cast
from intranet.deviations.actions.dialogue import send_message as write_to_reporter
from intranet.deviations.actions.ending import close_deviation
from intranet.deviations.actions.handle import acknowledge_deviation
from intranet.deviations.models import Deviation
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.queries.routes import receivers_of
from intranet.deviations.severity import Category
from intranet.extensions import db

# Told to whoever tries the demonstration; a real code is drawn by lot.
TOLD_CODE = "DEM0HAVNS0NDTRAPPENF1RE1"
_CODES = (TOLD_CODE, "DEM0HAVNS0NDNATTEVAKT002", "DEM0HAVNS0NDSK0LEGARD003")


def seed_anonymous(cast: Cast) -> tuple[int, str]:
    """Make three cases; return how many, and the told code as it is written down."""
    seeded_at = now()
    with stopped_at(seeded_at - timedelta(days=9)):
        for code, content in zip(_CODES, _contents(cast), strict=True):
            send_report(code, content, ())
    with stopped_at(seeded_at - timedelta(days=8)):
        _deliver()
    with stopped_at(seeded_at - timedelta(days=7)):
        _handle(cast, _CODES[0], "Gjelder det trappen ved kjøkkenet eller den ved inngangen?")
        _handle(cast, _CODES[1], "", "Vi har satt inn en ekstra nattevakt fra mandag.")
    with stopped_at(seeded_at - timedelta(days=6)):
        send_message(
            get_followed(_CODES[0]),
            "5f0f6c1e-6a53-4a0d-9a6e-0d9c3c1a2b01",
            "Den ved kjøkkenet. Rekkverket er løst på høyre side.",
        )
    with stopped_at(seeded_at - timedelta(days=5)):
        _deliver()
    return len(_CODES), show_code(TOLD_CODE)


def _contents(cast: Cast) -> list[AnonymousContent]:
    day = now().astimezone(OSLO).date() - timedelta(days=1)
    return [
        AnonymousContent(
            what="Rekkverket i trappen er løst. Flere har nesten falt.",
            unit_id=cast.unit_ids["hjemme-nord"],
            happened_on=day,
            category=Category.STAFF,
            answers=["staff.could", "staff.before"],
            immediate_action="Satte en stol foran trappen.",
        ),
        AnonymousContent(
            what="Vi er for få på natt. To brukere måtte vente over en time på hjelp.",
            unit_id=cast.unit_ids["sykehjem-2"],
            happened_on=day,
            category=Category.PATIENT,
            answers=["patient.could"],
        ),
        AnonymousContent(
            what="Lederen ber oss føre pauser som vi ikke får tatt.",
            unit_id=cast.unit_ids["havnsund-skole-sfo"],
            happened_on=day,
            category=Category.STAFF,
            answers=[],
            concerns=("place",),
        ),
    ]


def _deliver() -> None:
    plan = plan_next()
    close_for_delivery(plan)
    deliver_ready({})
    plan_next()


def _handle(cast: Cast, code: str, question: str, answer: str = "") -> None:
    deviation = db.session.execute(
        select(Deviation)
        .join(AnonymousReport, AnonymousReport.deviation_id == Deviation.id)
        .where(AnonymousReport.code_hash == hash_code(code))
    ).scalar_one()
    leader = cast.viewer(receivers_of(deviation)[0])
    acknowledge_deviation(get_deviation_for(leader, deviation.number), actor=leader)
    case = get_deviation_for(leader, deviation.number)
    if question:
        write_to_reporter(case, question, actor=leader)
    if answer:
        close_deviation(case, answer, actor=leader)
