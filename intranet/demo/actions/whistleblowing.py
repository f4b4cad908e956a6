"""Two whistleblowing cases and a deviation that became one, by the product's own actions."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from intranet.anonymous.actions.deliver import close_for_delivery, deliver_ready, plan_next
from intranet.anonymous.models import AnonymousReport
from intranet.core.actor import Viewer
from intranet.core.clock import now, stopped_at
from intranet.core.receipt_code import hash_code, show_code
from intranet.demo.actions.cast import Cast
from intranet.deviations.actions.handle import acknowledge_deviation
from intranet.deviations.actions.report import Report, report_deviation
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.severity import Category as DeviationCategory
from intranet.extensions import db
from intranet.whistleblowing.actions import steps, talk
from intranet.whistleblowing.actions.move import move_deviation
from intranet.whistleblowing.actions.send import Notice, send_more, send_notice
from intranet.whistleblowing.models import WhistleCase
from intranet.whistleblowing.queries.cases import Case, get_case_for
from intranet.whistleblowing.queries.following import get_followed
from intranet.whistleblowing.workflow import Category

# Told to whoever tries the demonstration; a real code is drawn by lot.
TOLD_CODE = "DEM0VARSE1HAVNS0NDNR0001"
_OTHER_CODE = "DEM0VARSE1HAVNS0NDNR0002"
_KEY = "7a0f6c1e-6a53-4a0d-9a6e-0d9c3c1a2b02"


def seed_whistleblowing(cast: Cast) -> tuple[int, str]:
    """Make one case that is investigated, one closed and one moved; return how many, and the code
    of the first as it is written down."""
    at = now()
    _closed(cast)
    _investigated(cast)
    with stopped_at(at - timedelta(days=12)):
        _moved(cast)
    return 3, show_code(TOLD_CODE)


def _investigated(cast: Cast) -> None:
    at, recipient = now(), cast.account("whistleblowing_recipient")
    notice = Notice(
        what="Innkjøp av kontormøbler har tre ganger gått til samme firma uten at andre ble spurt. "
        "Den som bestiller, er i slekt med eieren. Jeg har sett bestillingene.",
        happened="I vår og nå i høst",
        categories=[Category.CORRUPTION],
        concerns="En som bestiller for skolene",
    )
    with stopped_at(at - timedelta(days=26)):
        send_notice(TOLD_CODE, notice, ())
    with stopped_at(at - timedelta(days=25)):
        _deliver()
    with stopped_at(at - timedelta(days=23)):
        _take(cast, recipient, TOLD_CODE, steps.confirm_case)
    with stopped_at(at - timedelta(days=18)):
        _take(
            cast, recipient, TOLD_CODE, steps.assess_case,
            "Dette er varsling: det kan være brudd på reglene om anskaffelser og habilitet. "
            "Vi undersøker det.",
            is_whistleblowing=True,
        )  # fmt: skip
        _take(
            cast, recipient, TOLD_CODE, steps.appoint_investigator, cast.account("hr"),
            "Kjenner reglene, og har ikke med skolenes innkjøp å gjøre.",
        )  # fmt: skip
        question = "Husker du omtrent når bestillingene ble gjort, og hvem andre som har sett dem?"
        _take(cast, recipient, TOLD_CODE, talk.write_message, question)
    with stopped_at(at - timedelta(days=15)):
        send_more(get_followed(TOLD_CODE), _KEY, "I mars, mai og september. De ligger i arkivet.")
    with stopped_at(at - timedelta(days=14)):
        _deliver()


def _closed(cast: Cast) -> None:
    at, recipient = now(), cast.account("whistleblowing_recipient")
    notice = Notice(
        what="På et av byggene våre arbeides det i høyden uten sikring, og den som sier fra, "
        "mister vakter.",
        unit_id=cast.unit_ids["teknisk"],
        categories=[Category.LIFE, Category.WORKPLACE],
    )
    with stopped_at(at - timedelta(days=80)):
        send_notice(_OTHER_CODE, notice, ())
    with stopped_at(at - timedelta(days=79)):
        _deliver()
    with stopped_at(at - timedelta(days=78)):
        _take(cast, recipient, _OTHER_CODE, steps.confirm_case)
        _take(
            cast, recipient, _OTHER_CODE, steps.assess_case,
            "Dette er varsling om fare for liv og helse. Arbeidet er stanset mens vi undersøker.",
            is_whistleblowing=True,
        )  # fmt: skip
    with stopped_at(at - timedelta(days=40)):
        conclusion = (
            "Arbeid i høyden ble gjort uten sikring. Det er kjøpt inn nytt utstyr, alle har fått "
            "opplæring, og vaktene settes nå opp av en annen."
        )
        _take(cast, recipient, _OTHER_CODE, steps.close_case, conclusion)


def _moved(cast: Cast) -> None:
    """The told employee's report about her leader; the leader above finds that it is more."""
    what = (
        "Lederen vår ber oss føre pauser som vi ikke får tatt, og sier at de som nekter, "
        "mister vakter."
    )
    leader_id = cast.account("unit_leader")
    number = report_deviation(
        Report(
            what=what,
            unit_id=cast.unit_ids["hjemme-nord"],
            happened_at=now() - timedelta(hours=5),
            send_key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"havnsund:{what}")),
            category=DeviationCategory.STAFF,
            concerned_ids=frozenset({leader_id}),
        ),
        actor=cast.viewer(cast.account("employee")),
    ).number
    above = cast.viewer(cast.account("sector_leader"))
    acknowledge_deviation(get_deviation_for(above, number), actor=above)
    move_deviation(
        get_deviation_for(above, number),
        "Det handler om trusler og et uforsvarlig arbeidsmiljø, ikke om en enkelt hendelse.",
        actor=above,
    )


def _deliver() -> None:
    plan = plan_next()
    close_for_delivery(plan)
    deliver_ready({})
    plan_next()


def _take(
    cast: Cast,
    person_id: int,
    code: str,
    step: Callable[..., object],
    *args: object,
    **more: object,
) -> None:
    viewer = cast.viewer(person_id)
    step(_case_of(viewer, code), *args, actor=viewer, **more)


def _case_of(viewer: Viewer, code: str) -> Case:
    case_id = db.session.execute(
        select(WhistleCase.id)
        .join(AnonymousReport, AnonymousReport.id == WhistleCase.report_id)
        .where(AnonymousReport.code_hash == hash_code(code))
    ).scalar_one()
    return get_case_for(viewer, case_id)
