"""What each unit has on its list of laws that matter there, by the one who leads it."""

from __future__ import annotations

from datetime import timedelta

from intranet.core.clock import now, stopped_at
from intranet.demo.actions.cast import Cast
from intranet.laws.actions.unit_laws import add_unit_law
from intranet.laws.queries.targets import Target, said

_AML = ("lov/2005-06-17-62", "Arbeidsmiljøloven")
_HOL = ("lov/2011-06-24-30", "Helse- og omsorgstjenesteloven")
_KML = ("lov/2018-06-22-83", "Kommuneloven")
_FVL = ("lov/1967-02-10", "Forvaltningsloven")
_MEDICINES = ("forskrift/2008-04-03-320", "Legemiddelhåndteringsforskriften")
_SCHOOL = ("lov/2023-06-09-30", "Opplæringslova")
_WATER = ("forskrift/2016-12-22-1868", "Drikkevannsforskriften")

LISTS: tuple[tuple[str, tuple[str, str], str, str], ...] = (
    (
        "kommune",
        _KML,
        "25-1",
        "Hver leder har internkontroll med sitt område. Avvik meldes her i portalen.",
    ),
    ("kommune", _FVL, "13", "Taushetsplikten gjelder alle, også etter at du har sluttet."),
    ("kommune", _AML, "2 A-1", "Alle kan varsle. Gangen står under «Varsling»."),
    ("helse", _HOL, "4-1", "Tjenestene skal være forsvarlige. Si fra når bemanningen ikke holder."),
    (
        "helse",
        _HOL,
        "12-3 a",
        "Alvorlige hendelser: ring lederen straks, fristen løper fra vi blir kjent med det.",
    ),
    (
        "hjemme-nord",
        _MEDICINES,
        "",
        "Den som gir, kontrollerer. Legemiddelansvarlig sykepleier er med på hver ny rutine.",
    ),
    (
        "hjemme-nord",
        _AML,
        "4-3",
        "Vi kjører alene om kvelden. Bruk avtalt kodeord, og meld alle trusler.",
    ),
    ("sykehjem", _MEDICINES, "", "Medisinrommet låses hver gang. To signerer for A-preparater."),
    (
        "oppvekst",
        _SCHOOL,
        "12-4",
        "Alle som ser en krenkelse, griper inn og melder fra til rektor samme dag.",
    ),
    ("vann", _WATER, "9", "Vi varsler kunder og Mattilsynet når vannet ikke er trygt."),
)


def seed_unit_laws(cast: Cast) -> int:
    """Let the leaders put the laws on their lists; returns how many lines there are."""
    for position, (unit, (refid, title), section, note) in enumerate(LISTS):
        target = Target(refid, section, said(title, section))
        leader = cast.viewer(cast.leader_of(unit))
        with stopped_at(now() - timedelta(days=90 - 7 * position)):
            add_unit_law(cast.unit_ids[unit], target, note, actor=leader)
    return len(LISTS)
