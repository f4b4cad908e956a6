"""Lives through a week of cases with statutory clocks: running, met in time, and missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from intranet.core.clock import now, stopped_at
from intranet.demo.actions.cast import Cast
from intranet.demo.actions.scene import Scene
from intranet.deviations.actions.clock_signals import signal_clock
from intranet.deviations.letter_shapes import LetterKind
from intranet.deviations.plans import PlanContent, PlanMeasure
from intranet.deviations.queries.clocks import list_due_clocks
from intranet.deviations.types import Kind

_HOUR = timedelta(hours=1)


Step = tuple[float, Callable[[], None]]


def seed_special_cases(cast: Cast) -> int:
    """Report and handle them in the order of time; the clock works each hour between."""
    seeded_at = now()
    scenes = [_injury(cast), _breach(cast), _fresh_breach(cast), _violence(cast)]
    scenes += [_threats(cast), _care(cast), _stop(cast), _school(cast), _nursery(cast)]
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
    scene = Scene(cast, "vei", Kind.WORK_INJURY, what)
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
    scene = Scene(cast, "helsestasjon", Kind.DATA_BREACH, what)
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
    scene = Scene(cast, "digital", Kind.DATA_BREACH, what)
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
    scene = Scene(cast, "bofellesskap", Kind.VIOLENCE, what)
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


def _threats(cast: Cast) -> list[Step]:
    what = "Pårørende ropte og truet med å møte opp hjemme hos meg. Jeg gikk ut og låste bilen."
    scene = Scene(cast, "hjemme-nord", Kind.VIOLENCE, what)
    return [
        (12, scene.report),
        (11.5, scene.choose),
        (11.4, scene.answer(police="yes", injured="no", support="Ringte samme kveld.")),
    ]


def _care(cast: Cast) -> list[Step]:
    what = "Bruker fikk dobbel dose av blodfortynnende og ble lagt inn med alvorlig blødning."
    scene = Scene(cast, "sykehjem", Kind.CARE_EVENT, what)
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
    scene = Scene(cast, "vann", Kind.STOP_OF_WORK, what)
    return [
        (150, scene.report),
        (149, scene.choose),
        (148, scene.answer(danger="Grøft uten kasse.")),
    ]


def _school(cast: Cast) -> list[Step]:
    what = "Elev på mellomtrinnet blir holdt utenfor i friminuttene og vil ikke på skolen."
    scene = Scene(cast, "havnsund-skole", Kind.SCHOOL, what)
    return [(6, scene.report), (5.8, scene.propose)]


def _nursery(cast: Cast) -> list[Step]:
    what = "Et barn på avdelinga blir stadig skjøvet ut av leken og sier at ingen vil leke."
    scene = Scene(cast, "tyttebaer", Kind.NURSERY, what)
    day = now().date()
    content = PlanContent(
        problem="Barnet blir holdt utenfor i frileken ute, mest etter lunsj.",
        child_view="Barnet vil leke med to av de andre, og synes det er best når en voksen er med.",
        measures=[
            PlanMeasure(
                "En voksen er med i leken ute hver dag etter lunsj", "Pedagogisk leder",
                day + timedelta(days=3),
            ),
            PlanMeasure(
                "Faste lekegrupper på tre barn, to ganger i uka", "Avdelinga",
                day + timedelta(days=7),
            ),
            PlanMeasure(
                "Samtale med foreldrene om hvordan det går", "Styrer", day + timedelta(days=14)
            ),
        ],
        evaluate_on=day + timedelta(days=28),
    )  # fmt: skip
    return [
        (30, scene.report),
        (29, scene.choose),
        (28.5, scene.answer(staff="no")),
        (26, scene.plan(content)),
    ]
