"""One case with a kind, on its way: who does what, as its handler or its reporter."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from intranet.core.actor import Viewer
from intranet.core.clock import now
from intranet.demo.actions.cast import Cast
from intranet.deviations.actions import clocks, follow_up, letters, plans, types
from intranet.deviations.actions.clocks import Sent
from intranet.deviations.actions.handle import acknowledge_deviation
from intranet.deviations.actions.letter_pdf import typeset_letter
from intranet.deviations.actions.report import Report, report_deviation
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_shapes import Draft, LetterKind, fill_in
from intranet.deviations.letters import LETTERS
from intranet.deviations.models import Deviation
from intranet.deviations.plans import PlanContent
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.follow_up import list_follow_up
from intranet.deviations.queries.letter_facts import load_facts
from intranet.deviations.queries.letter_places import document_of, place_of
from intranet.deviations.queries.routes import receivers_of
from intranet.deviations.types import Kind
from intranet.extensions import db


@dataclass
class Scene:
    """One case on its way; the number is known once it is reported."""

    cast: Cast
    unit: str
    kind: Kind
    what: str
    number: int = 0

    def report(self) -> None:
        """Report it as somebody of the unit."""
        reporter = self.cast.viewer(self.cast.staff_of(self.unit)[-1])
        made = report_deviation(
            Report(
                what=self.what,
                unit_id=self.cast.unit_ids[self.unit],
                happened_at=now() - timedelta(minutes=50),
                send_key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"havnsund:{self.what}")),
            ),
            actor=reporter,
        )
        self.number = made.number

    def propose(self) -> None:
        """Let the reporter say what kind it is."""
        reporter_id = self._deviation().reporter_id
        assert reporter_id is not None
        actor = self.cast.viewer(reporter_id)
        types.choose_kind(self._case(actor), self.kind, actor=actor)

    def choose(self) -> None:
        """Let the handler acknowledge and say what kind it is."""
        actor = self._handler()
        acknowledge_deviation(self._case(actor), actor=actor)
        types.choose_kind(self._case(actor), self.kind, actor=actor)

    def answer(self, **answers: str) -> Callable[[], None]:
        """Return the step in which the handler answers the questions."""

        def act() -> None:
            actor = self._handler()
            types.save_answers(self._case(actor), answers, actor=actor)

        return act

    def follow_up(self, declined: int, why: str) -> Callable[[], None]:
        """Return the step in which the handler sets up all the proposals but one."""

        def act() -> None:
            actor = self._handler()
            case = self._case(actor)
            rows = list_follow_up(case.deviation.id, self.kind)
            follow_up.decline_follow_up(case, rows[declined], why, actor=actor)
            follow_up.take_all_follow_up(self._case(actor), actor=actor)

        return act

    def plan(self, content: PlanContent) -> Callable[[], None]:
        """Return the step in which the handler writes the plan for the child."""

        def act() -> None:
            actor = self._handler()
            plans.save_plan(self._case(actor), content, actor=actor, based_on=0)

        return act

    def send(
        self, key: str, phase: str, note: str, number: str = "", why: str = ""
    ) -> Callable[[], None]:
        """Return the step in which the handler settles a clock."""

        def act() -> None:
            actor = self._handler()
            case = self._case(actor)
            clock = db.session.execute(
                select(StatutoryClock).where(
                    StatutoryClock.deviation_id == case.deviation.id,
                    StatutoryClock.key == key,
                    StatutoryClock.phase == phase,
                )
            ).scalar_one()
            clocks.settle_clock(case, clock, Sent(now(), note, number, why), actor=actor)

        return act

    def write(
        self, kind: LetterKind, sent: str = "", number: str = "", **texts: str
    ) -> Callable[[], None]:
        """Return the step in which the handler writes a letter, and sends it when `sent` says how.

        It begins with what the case knows, as the form does.
        """

        def act() -> None:
            actor = self._handler()
            case = self._case(actor)
            facts = load_facts(case, kind, actor)
            filled = {**fill_in(LETTERS[kind], facts), **texts}
            letter = letters.start_letter(case, kind, Draft(filled), actor=actor)
            if sent:
                self._send_letter(
                    case, letter, actor, Sent(now(), sent, number, texts.get("late", ""))
                )

        return act

    def _send_letter(self, case: Case, letter: DeviationLetter, actor: Viewer, sent: Sent) -> None:
        kind = LetterKind(letter.kind)
        document, place = document_of(case, letter, dated=True), place_of(case, kind)
        pdf = typeset_letter(case, kind, document)
        made = letters.Finished(document, place.number, pdf)
        letters.finish_letter(case, letter, made, actor=actor, version=letter.version)
        letters.send_letter(case, letter, sent, actor=actor, settles=True)

    def _deviation(self) -> Deviation:
        statement = select(Deviation).where(Deviation.number == self.number)
        return db.session.execute(statement).scalar_one()

    def _handler(self) -> Viewer:
        return self.cast.viewer(receivers_of(self._deviation())[0])

    def _case(self, viewer: Viewer) -> Case:
        return get_deviation_for(viewer, self.number)
