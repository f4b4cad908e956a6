"""Lives through a week of cases with statutory clocks: running, met in time, and missed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from intranet.core.actor import Viewer
from intranet.core.clock import now, stopped_at
from intranet.demo.actions.cast import Cast
from intranet.deviations.actions import clocks, follow_up, letters, types
from intranet.deviations.actions.clock_signals import signal_clock
from intranet.deviations.actions.clocks import Sent
from intranet.deviations.actions.handle import acknowledge_deviation
from intranet.deviations.actions.letter_pdf import typeset_letter
from intranet.deviations.actions.report import Report, report_deviation
from intranet.deviations.clock_models import StatutoryClock
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_shapes import Draft, LetterKind, fill_in
from intranet.deviations.letters import LETTERS
from intranet.deviations.models import Deviation
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.clocks import list_due_clocks
from intranet.deviations.queries.follow_up import list_follow_up
from intranet.deviations.queries.letter_facts import load_facts
from intranet.deviations.queries.letter_places import document_of, place_of
from intranet.deviations.queries.routes import receivers_of
from intranet.deviations.types import Kind
from intranet.extensions import db

_HOUR = timedelta(hours=1)


@dataclass
class _Scene:
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


Step = tuple[float, Callable[[], None]]


def seed_special_cases(cast: Cast) -> int:
    """Report and handle them in the order of time; the clock works each hour between."""
    seeded_at = now()
    scenes = [_injury(cast), _breach(cast), _fresh_breach(cast), _violence(cast)]
    scenes += [_care(cast), _stop(cast), _school(cast)]
    events: list[tuple[datetime, int, Callable[[], None]]] = []
    for steps in scenes:
        events += [
            (seeded_at - timedelta(hours=ago), len(events) + place, act)
            for place, (ago, act) in enumerate(steps)
        ]
    at = min(moment for moment, _place, _act in events)
    for moment, _place, act in sorted(events, key=lambda event: event[:2]):
        while at < moment:
            _ring(at)
            at += _HOUR
        with stopped_at(moment):
            act()
    while at < seeded_at:
        _ring(at)
        at += _HOUR
    return len(scenes)


def _ring(at: datetime) -> None:
    with stopped_at(at):
        for clock_id in list_due_clocks(at):
            signal_clock(clock_id, at)


def _injury(cast: Cast) -> list[Step]:
    what = "Medarbeider falt fra lasteplanet og ble kjørt til sykehus."
    scene = _Scene(cast, "vei", Kind.WORK_INJURY, what)
    return [
        (50, scene.report),
        (49.8, scene.choose),
        (
            49.7,
            scene.answer(
                serious="yes", register_text="Fall fra lasteplan under lossing.", consent="no"
            ),
        ),
        (49.5, scene.send("work_accident", "call", "Ringte Arbeidstilsynet og politiet.")),
        (
            30,
            scene.send(
                "work_accident",
                "confirmation",
                "Sendt skriftlig, kopi til verneombudet.",
                "26/0417",
            ),
        ),
    ]


def _breach(cast: Cast) -> list[Step]:
    what = "Innkalling med feil vedlegg gikk til 14 foreldre. Vedlegget viser andre barns timer."
    scene = _Scene(cast, "helsestasjon", Kind.DATA_BREACH, what)
    late = "Vi trodde først at vedlegget var tomt, og oppdaget feilen på mandag."
    return [
        (120, scene.report),
        (119, scene.choose),
        (
            118,
            scene.answer(
                facts="Liste med timer for 22 barn gikk til 14 foreldre.",
                risk="high",
                effects="Foreldre kan ha fått vite hvem som går til oppfølging.",
                remedies="Mottakerne er bedt om å slette vedlegget.",
            ),
        ),
        (70, scene.send("data_breach", "persons", "Brev til alle 22 familier.")),
        (
            40,
            scene.write(
                LetterKind.BREACH_NOTICE,
                "Meldt i Altinn.",
                "AR-55120",
                late=late,
                persons="22 barn og foreldrene deres",
                records="Navn, dato og type time, om lag 60 rader",
                missing="Om alle 14 mottakerne har slettet vedlegget. Svar ventes innen en uke.",
            ),
        ),
    ]


def _fresh_breach(cast: Cast) -> list[Step]:
    what = "Felles mappe med søknader sto åpen for alle ansatte siden i går."
    scene = _Scene(cast, "digital", Kind.DATA_BREACH, what)
    return [
        (20, scene.report),
        (19, scene.choose),
        (
            3,
            scene.write(
                LetterKind.BREACH_NOTICE,
                persons="Søkere på kommunale boliger. Antallet er ikke kjent ennå.",
                missing="Loggen over hvem som har åpnet mappa. Vi venter svar fra leverandøren.",
            ),
        ),
    ]


def _violence(cast: Cast) -> list[Step]:
    what = "Ansatt ble slått i ansiktet under kveldsstell. Kollega kom til med en gang."
    scene = _Scene(cast, "bofellesskap", Kind.VIOLENCE, what)
    return [
        (15, scene.report),
        (5, scene.choose),
        (4, scene.answer(police="no", injured="yes", support="Samtale samme dag, fri neste vakt.")),
        (
            3,
            scene.follow_up(
                4, "Ingen skade som trenger behandling. Vurdert sammen med den ansatte."
            ),
        ),
    ]


def _care(cast: Cast) -> list[Step]:
    what = "Bruker fikk dobbel dose av blodfortynnende og ble lagt inn med alvorlig blødning."
    scene = _Scene(cast, "sykehjem", Kind.CARE_EVENT, what)
    note = "Sendt til statsforvalteren og Ukom, kopi til Helsetilsynet."
    return [
        (100, scene.report),
        (99, scene.choose),
        (98, scene.answer(harm="yes", unexpected="yes")),
        (
            90,
            scene.write(
                LetterKind.CARE_MESSAGE,
                note,
                "MP-2201",
                harm="Alvorlig blødning og innleggelse.",
                patient="Journal 4471",
                cause="Dosen ble doblet da multidosen ble lagt i dosett på vakta.",
                unexpected="Brukeren hadde fått riktig dose i to år, og faren for feil var liten.",
                done="Lege ble tilkalt, og brukeren ble lagt inn. Rutinen for dosett er stanset.",
            ),
        ),
        (
            60,
            scene.write(
                LetterKind.CARE_INVITATION,
                to="Brukeren, ved nærmeste pårørende",
                what="Du fikk dobbel dose av en medisin hos oss, og ble lagt inn på sykehuset.",
                measures="Vi har stanset rutinen som gjorde at det kunne skje.",
                meeting="Tirsdag kl. 14 på sykehjemmet. Passer det ikke, finner vi en annen tid.",
            ),
        ),
    ]


def _stop(cast: Cast) -> list[Step]:
    what = "Verneombudet stanset arbeidet i grøfta. Veggen er ikke sikret mot ras."
    scene = _Scene(cast, "vann", Kind.STOP_OF_WORK, what)
    return [
        (150, scene.report),
        (149, scene.choose),
        (148, scene.answer(danger="Grøft uten kasse.")),
    ]


def _school(cast: Cast) -> list[Step]:
    what = "Elev på mellomtrinnet blir holdt utenfor i friminuttene og vil ikke på skolen."
    scene = _Scene(cast, "havnsund-skole", Kind.SCHOOL, what)
    return [(6, scene.report), (5.8, scene.propose)]
