"""What the administrator can set, and what is worth a look; composes the others' pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from intranet.backup.audit_codes import FAULT_NAMES
from intranet.backup.status import read_status
from intranet.core.actor import Viewer
from intranet.core.held_files import count_scans
from intranet.core.models import ScanState
from intranet.core.settings import get_settings
from intranet.core.text import _, _l
from intranet.deviations.queries.setting_pages import count_unassigned
from intranet.deviations.setting_policy import can_edit_settings
from intranet.extensions import db
from intranet.library.offline_health import last_copy
from intranet.notifications.queries import count_parked
from intranet.people.models import Person, Unit
from intranet.web.filters import moment
from intranet.web.template_globals import opens, optional_url


@dataclass(frozen=True)
class Place:
    """One page of settings; shown to those whom the page lets in."""

    endpoint: str
    label: Any
    note: Any
    icon: str


_DEVIATIONS = (
    Place(
        "deviations.list_categories",
        _l("Typer avvik og spørsmål"),
        _l("Hva den som melder velger, og hvor alvorlig det blir."),
        "ExclamationmarkTriangle",
    ),
    Place(
        "deviations.list_deadlines",
        _l("Frister"),
        _l("Arbeidsdager for hver alvorlighet."),
        "Clock",
    ),
    Place(
        "deviations.list_copy_rules",
        _l("Kopi av avvik"),
        _l("Roller som får lese."),
        "PersonGroup",
    ),
    Place(
        "deviations.list_cause_codes",
        _l("Årsaker"),
        _l("Kodelista for hvorfor det skjer."),
        "Branching",
    ),
    Place(
        "deviations.list_follow_up_templates",
        _l("Oppfølging av ansatte"),
        _l("Forslag etter vold, trusler og trakassering."),
        "PersonGroup",
    ),
    Place(
        "deviations.list_authority_numbers",
        _l("Telefonnumre"),
        _l("Hvem det skal ringes til når noe haster."),
        "Phone",
    ),
    Place(
        "deviations.show_clock_rules",
        _l("Frister etter loven"),
        _l("Meldinger til tilsyn og andre, og når de må sendes."),
        "Gavel",
    ),
)
_SEARCH = (
    Place(
        "search.list_questions",
        _l("Spørsmål uten svar"),
        _l("Hva ansatte har søkt etter uten å finne."),
        "MagnifyingGlass",
    ),
    Place(
        "search.list_synonyms",
        _l("Ord som betyr det samme"),
        _l("Kommunens egne ord, så det ene finner det andre."),
        "Books",
    ),
    Place(
        "search.list_pins",
        _l("Festede svar"),
        _l("Det som står først når noen søker med bestemte ord."),
        "Paperclip",
    ),
)
_PORTAL = (
    Place(
        "home.list_page_problems",
        _l("Feil på sider"),
        _l("Det ansatte har sagt fra om."),
        "Chat",
    ),
    Place(
        "people.show_organisation",
        _l("Personer og roller"),
        _l("Roller gis på personens side."),
        "Person",
    ),
    Place(
        "delegations.list_delegations",
        _l("Fullmakter"),
        _l("Hvem som kan gjøre hva, og typene."),
        "SealCheckmark",
    ),
    Place(
        "library.list_take_ins",
        _l("Ta inn dokumenter"),
        _l("Prosedyrer fra et gammelt system."),
        "Upload",
    ),
    Place(
        "people.manage_stand_ins",
        _l("Stedfortredere"),
        _l("For alle ledere."),
        "PersonSuit",
    ),
    Place(
        "audit.list_events",
        _l("Revisjonslogg"),
        _l("Hvem som gjorde hva."),
        "FileSearch",
    ),
)


def list_places(viewer: Viewer) -> list[tuple[str, list[tuple[Place, str]]]]:
    """Return the groups of pages that exist and that the viewer is let into."""
    groups: list[tuple[str, tuple[Place, ...]]] = [(_("Avvik"), _DEVIATIONS), (_("Søk"), _SEARCH)]
    if can_edit_settings(viewer):
        groups.append((_("Portalen"), _PORTAL))
    return [
        (title, found)
        for title, places in groups
        if (
            found := [
                (place, url)
                for place in places
                if (url := optional_url(place.endpoint)) and opens(place.endpoint, viewer)
            ]
        )
    ]


def list_concerns(viewer: Viewer) -> list[tuple[str, object]]:
    """Return what an administrator should look into, as numbers; nothing about any one case."""
    if not can_edit_settings(viewer):
        return []
    active = (Person.is_directory_active, Person.is_blocked.is_(False))
    vacant = select(func.count()).where(Unit.is_active, Unit.leader_id.is_(None))
    homeless = select(func.count()).where(*active, Person.home_unit_id.is_(None))
    unreachable = select(func.count()).where(*active, Person.email == "")
    return [
        (_("Enheter uten leder"), db.session.scalar(vacant) or 0),
        (_("Ansatte uten enhet"), db.session.scalar(homeless) or 0),
        (_("Ansatte uten e-post"), db.session.scalar(unreachable) or 0),
        (_("Åpne avvik uten ansvarlig"), count_unassigned()),
        (_("E-poster som ikke ble levert"), count_parked()),
        *_scanner_lines(),
        (_("Kopi av prosedyrene til bruk uten nett"), _offline_line()),
        *_backup_lines(),
    ]


def _offline_line() -> str:
    """Return when the copy was last written."""
    if get_settings().offline_copy_dir is None:
        return _("Av")
    copy = last_copy()
    return moment(copy.written_at) if copy else _("Ikke skrevet ennå")


def _backup_lines() -> list[tuple[str, object]]:
    """Return when the last whole backup was taken, and what is wrong with the newest."""
    if get_settings().backup_dir is None:
        return [(_("Sikkerhetskopi"), _("Av"))]
    status = read_status()
    taken = moment(status.taken_at) if status.taken_at else _("Ikke tatt ennå")
    lines: list[tuple[str, object]] = [(_("Siste hele sikkerhetskopi"), taken)]
    if status.has_failed:
        failed = FAULT_NAMES.get(status.reason, status.reason)
        lines.append((_("Sikkerhetskopi mislyktes"), f"{moment(status.failed_at)}, {failed}"))
    if status.missing:
        lines.append((_("Filer som mangler i sikkerhetskopien"), status.missing))
    return lines


def _scanner_lines() -> list[tuple[str, object]]:
    """Return whether files are looked through for viruses, and what that has brought."""
    if not get_settings().virus_scanner:
        return [(_("Virussjekk av vedlegg"), _("Av"))]
    counts = count_scans()
    return [
        (_("Virussjekk av vedlegg"), _("På")),
        (_("Filer som venter på virussjekk"), counts.get(ScanState.WAITING, 0)),
        (_("Filer fjernet av virussjekken"), counts.get(ScanState.HARMFUL, 0)),
    ]
