"""Gathers a case as a copy: what the viewer may read of it and nothing more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO
from intranet.core.text import _
from intranet.deviations.case_copy import CaseCopy, Part, PartKind
from intranet.deviations.models import Deviation
from intranet.deviations.numbers import number_words
from intranet.deviations.policy import can_read_notes, parties_of
from intranet.deviations.queries import cases
from intranet.deviations.queries.cases import ActionRow, Case, EntryRow, FileRow
from intranet.deviations.queries.causes import ChosenCause, list_chosen
from intranet.deviations.queries.openings import list_openers
from intranet.deviations.queries.special_copies import (
    list_all_special_parts,
    list_special_parts,
    special_data,
)
from intranet.deviations.words import (
    ACTION_STATES,
    SEVERITIES,
    STATES,
    category_name,
    event_words,
    in_language,
)
from intranet.deviations.workflow import Party

FORMAT = "ansattportalen-deviation"
FORMAT_VERSION = 1

_KINDS = {"message": PartKind.TALK, "note": PartKind.NOTE}


def load_case_copy(case: Case, viewer: Viewer) -> CaseCopy:
    """Return the case as this viewer may have it on paper and as data.

    The reporter gets what the reporter's page shows: public lines and files, no notes, no actions.
    Times in the facts are Norwegian wall-clock; in `data` they are UTC in ISO 8601.
    """
    deviation = case.deviation
    is_reporter = Party.REPORTER in parties_of(viewer, case.access)
    reads_notes = can_read_notes(viewer, case.access)
    entries = cases.list_entries(deviation.id, public_only=not reads_notes)[::-1]
    actions = [] if is_reporter else cases.list_actions(deviation.id)
    files = cases.list_files(deviation.id, public_only=is_reporter)
    chosen = [] if is_reporter else list_chosen(deviation.id)
    # Whoever handles a case does so in office; the others are persons in it.
    names = {case.reporter_name, *(case.concerned.values() if reads_notes else ())}
    return CaseCopy(
        title=_("Avvik %(number)s", number=number_words(deviation.number)),
        facts=tuple(_facts(case, reads_notes)),
        parts=(
            *_parts(deviation, entries, actions, files, chosen),
            *list_special_parts(case, viewer),
        ),
        names=tuple(sorted(name for name in names if name)),
        data=_data(case, entries, actions, files, reads_notes)
        | _cause_data(deviation, chosen)
        | special_data(case, viewer),
    )


def load_whole(case: Case) -> CaseCopy:
    """Return all of the case but its story and files, asking nobody's leave: for a room that takes
    it over."""
    deviation = case.deviation
    actions = cases.list_actions(deviation.id)
    facts = _facts(case, reads_notes=True)
    if case.copied:
        facts.append((_("Kopi til"), ", ".join(name for name, _role in case.copied.values())))
    opened = list_openers(deviation.id)
    if opened:
        facts.append((_("Har åpnet saken"), ", ".join(opened)))
    return CaseCopy(
        title=_("Avvik %(number)s", number=number_words(deviation.number)),
        facts=tuple(facts),
        parts=(
            *_parts(deviation, [], actions, [], list_chosen(deviation.id)),
            *list_all_special_parts(deviation.id),
        ),
        names=(),
        data={},
    )


def _facts(case: Case, reads_notes: bool) -> list[tuple[str, str]]:
    deviation = case.deviation
    found = [
        (_("Sted"), case.unit_name),
        (
            _("Hendte"),
            f"{deviation.happened_at.astimezone(OSLO):%d.%m.%Y}"
            if deviation.is_anonymous
            else _moment(deviation.happened_at),
        ),
        (_("Meldt"), _moment(deviation.reported_at)),
        (_("Meldt av"), case.reporter_name or _reporter_words(deviation)),
        (_("Ansvarlig"), case.handler_name or _("Ingen ennå")),
        (_("Status"), str(STATES[deviation.state][0])),
        (_("Alvorlighet"), str(SEVERITIES[deviation.severity][0])),
        (_("Type"), category_name(deviation.category, deviation.reported_words)),
    ]
    if deviation.procedure_number:
        found.append((_("Prosedyre"), deviation.procedure_number))
    if deviation.law_reference:
        found.append((_("Lov eller forskrift"), deviation.law_reference))
    if reads_notes and case.concerned:
        found.append((_("Gjelder"), ", ".join(case.concerned.values())))
    if deviation.closed_at is not None:
        found.append((_("Avsluttet"), _moment(deviation.closed_at)))
    return found


def _reporter_words(deviation: Deviation) -> str:
    return _("Anonym melder") if deviation.is_anonymous else _("ukjent")


def _parts(
    deviation: Deviation,
    entries: list[EntryRow],
    actions: list[ActionRow],
    files: list[FileRow],
    chosen: list[ChosenCause],
) -> list[Part]:
    parts = [Part("what", PartKind.REPORT, _("Hva skjedde"), deviation.what)]
    if deviation.immediate_action:
        parts.append(
            Part("immediate", PartKind.REPORT, _("Gjort med en gang"), deviation.immediate_action)
        )
    parts += _cause_parts(deviation, chosen)
    parts += [_action_part(action) for action in actions]
    if deviation.evaluation:
        parts.append(
            Part("evaluation", PartKind.DETAIL, _("Vurdering av effekten"), deviation.evaluation)
        )
    if deviation.answer:
        parts.append(
            Part("answer", PartKind.ANSWER, _("Svar til den som meldte"), deviation.answer)
        )
    parts += [_entry_part(entry, is_anonymous=deviation.is_anonymous) for entry in entries]
    if files:
        names = "\n".join(file.name for file in files)
        parts.append(Part("files", PartKind.FILE, _("Filer i saken"), names))
    return parts


def _cause_parts(deviation: Deviation, chosen: list[ChosenCause]) -> list[Part]:
    if not chosen:
        return []
    lines = [*(in_language(cause.words) for cause in chosen), deviation.cause_note]
    text = "\n".join(line for line in lines if line)
    return [Part("causes", PartKind.DETAIL, _("Årsaker"), text)]


def _action_part(action: ActionRow) -> Part:
    about = _(
        "Ansvarlig: %(name)s. Frist: %(day)s. Status: %(state)s.",
        name=action.responsible_name,
        day=f"{action.due_on:%d.%m.%Y}",
        state=ACTION_STATES[action.state][0],
    )
    text = "\n".join(text for text in (action.what, action.note) if text)
    return Part(f"action-{action.id}", PartKind.ACTION, _("Tiltak"), text, about)


def _entry_part(entry: EntryRow, *, is_anonymous: bool) -> Part:
    who = entry.author_words(is_anonymous=is_anonymous)
    heading = f"{who} {event_words(entry.code, entry.params)}"
    if entry.leader_name:
        heading = _("%(what)s på vegne av %(name)s", what=heading, name=entry.leader_name)
    kind = _KINDS.get(entry.kind, PartKind.EVENT)
    return Part(f"entry-{entry.id}", kind, heading, entry.text, _moment(entry.at))


def _data(
    case: Case,
    entries: list[EntryRow],
    actions: list[ActionRow],
    files: list[FileRow],
    reads_notes: bool,
) -> dict[str, Any]:
    deviation = case.deviation
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "number": number_words(deviation.number),
        "state": str(deviation.state),
        "severity": str(deviation.severity),
        "category": deviation.category,
        "answers": deviation.answers,
        "unit": case.unit_name,
        "reporter": case.reporter_name or None,
        "handler": case.handler_name or None,
        "happened_at": _iso(deviation.happened_at),
        "reported_at": _iso(deviation.reported_at),
        "closed_at": _iso(deviation.closed_at),
        "what": deviation.what,
        "immediate_action": deviation.immediate_action,
        "procedure_number": deviation.procedure_number or None,
        "law_reference": deviation.law_reference or None,
        "is_confidential": deviation.is_confidential,
        "concerned": list(case.concerned.values()) if reads_notes else [],
        "evaluation": deviation.evaluation,
        "evaluated_at": _iso(deviation.evaluated_at),
        "answer": deviation.answer,
        "actions": [_action_data(action) for action in actions],
        "story": [_entry_data(entry) for entry in entries],
        "files": [{"name": file.name, "bytes": file.size} for file in files],
    }


def _cause_data(deviation: Deviation, chosen: list[ChosenCause]) -> dict[str, Any]:
    return {
        "causes": [{"key": cause.key, "name": dict(cause.words)} for cause in chosen],
        "cause_note": deviation.cause_note if chosen else "",
    }


def _action_data(action: ActionRow) -> dict[str, Any]:
    return {
        "what": action.what,
        "responsible": action.responsible_name,
        "due_on": action.due_on.isoformat(),
        "state": str(action.state),
        "note": action.note,
    }


def _entry_data(entry: EntryRow) -> dict[str, Any]:
    return {
        "at": _iso(entry.at),
        "kind": entry.kind,
        "code": entry.code,
        "params": entry.params,
        "text": entry.text,
        "by": entry.author_name,
        "on_behalf_of": entry.leader_name,
        "is_public": entry.is_public,
    }


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(OSLO):%d.%m.%Y kl. %H.%M}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
