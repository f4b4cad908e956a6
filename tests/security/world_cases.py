"""Deviations in every state, and corrective actions, for `world.py`."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from intranet.core.clock import today
from intranet.core.files import receive_upload
from intranet.core.transaction import transaction
from intranet.deviations.actions import (
    dialogue,
    ending,
    handle,
    letters,
    links,
    measures,
    merge,
    plans,
    types,
)
from intranet.deviations.actions.letter_pdf import typeset_letter
from intranet.deviations.clock_models import DeviationDetails, StatutoryClock
from intranet.deviations.follow_up_models import DeviationFollowUp
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_shapes import Draft, LetterKind
from intranet.deviations.letters import LETTERS
from intranet.deviations.models import CorrectiveAction, Deviation, DeviationFile
from intranet.deviations.plans import PlanContent, PlanMeasure
from intranet.deviations.queries.copies import load_case_copy
from intranet.deviations.queries.letter_places import document_of, place_of
from intranet.deviations.queries.plans import find_plan
from intranet.deviations.types import Kind
from intranet.extensions import db
from tests import cast
from tests.deviations.factories import case_for, do, report

Values = dict[str, Any]
HOME_STATES = (
    "own", "acknowledged", "awaiting", "closed", "rejected", "withdrawn", "merged", "confidential",
    "breach", "lettered", "injury", "asked", "violent", "environment",
)  # fmt: skip
# States that decide nothing but what can be done about a kind; the other routes are not asked there.
KIND_STATES = frozenset({"asked", "violent", "environment"})
NOBODY = 999_999


def build_cases(people: cast.Cast) -> dict[str, Values]:
    """Return how to address a deviation in each state. Mona handles those at the nursing home."""
    ward, mona = people.strandheim, people.mona
    home = {"reporter": people.ingrid, "unit": ward, "handler": mona}
    school = {"reporter": people.tor, "unit": people.school, "handler": people.rita}
    about = {**home, "handler": people.kaja, "concerned": [mona]}
    places = dict.fromkeys(HOME_STATES, home) | {"other_unit": school, "concerned": about}
    partners = {id(who): (_open(who), _open(who)) for who in (home, school, about)}
    made = {}
    for state, who in places.items():
        made[state] = _report(who, category="violence" if state == "asked" else None)
        received = receive_upload(io.BytesIO(b"Et notat."), "notat.txt")
        do(who["reporter"], made[state], dialogue.attach_file, received)
        linked = case_for(who["handler"], partners[id(who)][1])[0]
        do(who["handler"], made[state], links.link_deviations, linked)
    _move(people, made, partners[id(home)][0])
    return {
        state: _values(people, number, partners[id(places[state])])
        for state, number in made.items()
    }


def build_actions(cases: dict[str, Values]) -> dict[str, Values]:
    """Return how to address an open action and one that is done, both Jonas's."""
    found = {}
    for state in ("own", "awaiting"):
        action = db.session.execute(
            select(CorrectiveAction)
            .join(Deviation, Deviation.id == CorrectiveAction.deviation_id)
            .where(Deviation.number == cases[state]["number"])
        ).scalar_one()
        proof = db.session.execute(
            select(DeviationFile.id).where(DeviationFile.action_id == action.id)
        ).scalar_one_or_none()
        found["open" if state == "own" else "done"] = {
            "action_id": action.id,
            "version": action.version,
            "file_id": proof or NOBODY,
        }
    return found


def _report(who: Values, category: str | None = None) -> int:
    concerned = who.get("concerned", ())
    return report(who["reporter"], who["unit"], concerned=concerned, category=category)


def _open(who: Values) -> int:
    """Return another case of the same place, which others can be linked and merged with."""
    number = _report(who)
    do(who["handler"], number, handle.acknowledge_deviation)
    return number


def _move(people: cast.Cast, made: dict[str, int], main: int) -> None:
    mona, jonas = people.mona, people.jonas
    for state in ("own", "acknowledged", "awaiting", "closed", *KIND_STATES):
        do(mona, made[state], handle.acknowledge_deviation)
    due = today() + timedelta(days=7)
    do(mona, made["own"], measures.add_action, "Bytt gulvet.", jonas, due)
    action = do(mona, made["awaiting"], measures.add_action, "Legg en matte.", jonas, due)
    with transaction():
        done = db.session.get_one(CorrectiveAction, db.session.merge(action).id)
        case, viewer = case_for(mona, made["awaiting"])
        proof = receive_upload(io.BytesIO(b"Matta ligger."), "matte.txt")
        measures.finish_action(done, case, "Matta ligger.", actor=viewer, proof=proof)
    do(mona, made["awaiting"], ending.plan_evaluation, today() + timedelta(days=14))
    do(mona, made["closed"], ending.close_deviation, "Gulvet er byttet.")
    do(mona, made["rejected"], ending.reject_deviation, "Dette er ikke et avvik.")
    do(people.ingrid, made["withdrawn"], ending.withdraw_deviation)
    do(mona, made["merged"], merge.merge_deviation, case_for(mona, main)[0])
    with transaction():
        _row(made["confidential"]).is_confidential = True
    for state in ("breach", "lettered"):
        do(mona, made[state], types.choose_kind, Kind.DATA_BREACH)
        texts = {field.key: "Skrevet." for field in LETTERS[LetterKind.BREACH_NOTICE].fields}
        do(mona, made[state], letters.start_letter, LetterKind.BREACH_NOTICE, Draft(texts))
    _finish_letter(mona, made["lettered"])
    do(mona, made["injury"], types.choose_kind, Kind.WORK_INJURY)
    do(mona, made["violent"], types.choose_kind, Kind.VIOLENCE)
    do(mona, made["environment"], types.choose_kind, Kind.SCHOOL)
    measure = PlanMeasure("Fast voksen ute", "Kontaktlærer", due)
    plan = PlanContent("Eleven er alene.", "Vil være med.", [measure], due)
    do(mona, made["environment"], plans.save_plan, plan, based_on=0)
    do(mona, made["injury"], types.save_answers, {"consent": "yes", "serious": "yes"})


def _finish_letter(person_id: int, number: int) -> None:
    with transaction():
        case, viewer = case_for(person_id, number)
        letter = _letter_of(case.deviation.id)
        assert letter is not None
        kind = LetterKind.BREACH_NOTICE
        document = document_of(case, letter, dated=True)
        pdf = typeset_letter(case, kind, document)
        made = letters.Finished(document, place_of(case, kind).number, pdf)
        letters.finish_letter(case, letter, made, actor=viewer, version=letter.version)


def _letter_of(deviation_id: int) -> DeviationLetter | None:
    return db.session.execute(
        select(DeviationLetter).where(DeviationLetter.deviation_id == deviation_id)
    ).scalar_one_or_none()


def _values(people: cast.Cast, number: int, partners: tuple[int, int]) -> Values:
    """Return what fills the addresses and the forms of one case."""
    row = _row(number)
    details = db.session.get(DeviationDetails, row.id)
    clock_id = db.session.execute(
        select(StatutoryClock.id)
        .where(StatutoryClock.deviation_id == row.id)
        .order_by(StatutoryClock.id)
        .limit(1)
    ).scalar_one_or_none()
    follow_up_id = db.session.execute(
        select(func.min(DeviationFollowUp.id)).where(DeviationFollowUp.deviation_id == row.id)
    ).scalar_one()
    letter = _letter_of(row.id)
    parts = load_case_copy(*case_for(people.ragnhild, number)).parts
    return {
        "number": number,
        "version": row.version,
        "picked": f"{number}.{row.version}",
        "other": str(partners[0]),
        "linked": str(partners[1]),
        "clock_id": clock_id or NOBODY,
        "follow_up_id": follow_up_id or NOBODY,
        "plan_number": 1,
        "based_on": "1" if find_plan(row.id) else "0",
        "letter_id": letter.id if letter else NOBODY,
        "letter_version": letter.version if letter else 1,
        "details_version": details.version if details else 1,
        "parts": {"part_" + part.key.replace("-", "_"): "show" for part in parts},
        "file_id": db.session.execute(
            select(DeviationFile.id).where(
                DeviationFile.deviation_id == row.id, DeviationFile.is_public
            )
        ).scalar_one(),
    }


def _row(number: int) -> Deviation:
    return db.session.execute(select(Deviation).where(Deviation.number == number)).scalar_one()
