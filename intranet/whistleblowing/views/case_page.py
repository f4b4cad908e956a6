"""The page of one case, as recipients, investigators and named readers see it."""

from __future__ import annotations

from typing import Any

from flask import render_template
from wtforms.fields.choices import SelectChoice

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.text import _
from intranet.deviations.numbers import number_words as deviation_number_words
from intranet.deviations.type_words import CLOCKS, moment_words
from intranet.people.queries.units import get_unit, unit_choices
from intranet.whistleblowing import forms, words
from intranet.whistleblowing.numbers import number_words
from intranet.whistleblowing.policy import can_take_step, parts_of
from intranet.whistleblowing.queries import cases
from intranet.whistleblowing.queries.cases import Case
from intranet.whistleblowing.workflow import Part, WhistleState, WhistleStep

FORMS: dict[WhistleStep, Any] = {
    WhistleStep.CONFIRM: forms.StepForm,
    WhistleStep.ASSESS: forms.AssessForm,
    WhistleStep.APPOINT: forms.LetInForm,
    WhistleStep.CLOSE: forms.CloseForm,
    WhistleStep.NAME_READER: forms.LetInForm,
    WhistleStep.EXCLUDE: forms.PersonForm,
    WhistleStep.OFFER: forms.OfferForm,
}


def render_case(
    case: Case,
    viewer: Viewer,
    refused: WhistleStep | None = None,
    form: Any = None,
    status: int = 200,
) -> tuple[str, int]:
    """Return the page; `form` is the one of the step that was refused, with what was typed."""
    whistle = case.whistle
    checks = cases.list_checks(whistle.id)
    clocks = cases.list_clocks(whistle.id)
    page = render_template(
        "whistleblowing/show_case.html",
        case=case,
        whistle=whistle,
        shown_number=number_words(whistle.number),
        steps=_list_steps(whistle.state, whistle),
        forms=_offered_forms(case, viewer, refused, form),
        next_step=_next_step(viewer, case, refused),
        talk=_talk_form(case, viewer, form),
        check_forms=_check_forms(case, viewer, form, checks),
        refused_form=form,
        refused=refused,
        is_recipient=Part.RECIPIENT in parts_of(viewer, case.access),
        entries=cases.list_entries(whistle.id, public_only=False),
        files=cases.list_files(whistle.id, public_only=False),
        readers=cases.list_readers(whistle.id),
        checks=checks,
        clocks=clocks,
        clock_forms=_clock_forms(case, viewer, form, clocks),
        clock_words=CLOCKS,
        moment_words=moment_words,
        offer=_shown_offer(whistle.id),
        origin=cases.find_origin(whistle.id),
        number_words=deviation_number_words,
        reporter_name=case.names.get(whistle.reporter_id or 0, ""),
        openings=cases.list_openings(whistle.id),
        state_words=words.STATES,
        category_words=words.CATEGORIES,
        event_words=words.event_words,
        form_has_errors=status >= 400,
    )
    return page, status


def _shown_offer(case_id: str) -> Any:
    offer = cases.find_offer(case_id)
    return None if offer is None else (offer, get_unit(offer.unit_id).name)


def with_ids(form: Any, name: str) -> Any:
    """Give the fields ids of their own among several forms of one page."""
    for field in form:
        field.id = f"{name}-{field.short_name}"
        field.label.field_id = field.id
    return form


def _offered_forms(
    case: Case, viewer: Viewer, refused: WhistleStep | None, form: Any
) -> dict[WhistleStep, Any]:
    offered = {}
    for step, form_class in FORMS.items():
        if step != refused and not can_take_step(viewer, case.access, step):
            continue
        made = form if step == refused else form_class(formdata=None)
        if isinstance(made, forms.OfferForm):
            _prepare_offer(made, case, is_new=step != refused)
        made.version.data, made.version.raw_data = case.whistle.version, None
        offered[step] = with_ids(made, step)
    return offered


def _prepare_offer(form: forms.OfferForm, case: Case, *, is_new: bool) -> None:
    set_units(form)
    if is_new:
        form.text.data, form.unit_id.data = case.whistle.what, case.whistle.unit_id


def set_units(form: Any) -> None:
    """Let the form choose among the units."""
    form.unit_id.choices = [
        SelectChoice("", _("Velg et sted")),
        *[SelectChoice(unit_id, name) for unit_id, name in unit_choices()],
    ]


def _talk_form(case: Case, viewer: Viewer, form: Any) -> Any:
    if not can_take_step(viewer, case.access, WhistleStep.MESSAGE):
        return None
    talk = form if isinstance(form, forms.TalkForm) else forms.TalkForm(formdata=None)
    talk.ensure_key()
    return with_ids(talk, "talk")


def _check_forms(case: Case, viewer: Viewer, form: Any, checks: Any) -> dict[int, Any]:
    if not can_take_step(viewer, case.access, WhistleStep.CHECK):
        return {}
    found = {}
    for each in checks:
        if each.done_on or each.due_on > today():
            continue
        made = check_form(each.months, forms.CheckForm(formdata=None))
        is_refused = isinstance(form, forms.CheckForm) and form.note.id == made.note.id
        found[each.months] = form if is_refused else made
    return found


def _clock_forms(case: Case, viewer: Viewer, form: Any, clocks: Any) -> dict[int, Any]:
    if not can_take_step(viewer, case.access, WhistleStep.SETTLE_CLOCK):
        return {}
    found = {}
    for each in clocks:
        if each.settled_at is None:
            made = clock_form(each.id, forms.ClockForm(formdata=None))
            is_refused = isinstance(form, forms.ClockForm) and form.note.id == made.note.id
            found[each.id] = form if is_refused else made
    return found


def clock_form(clock_id: int, form: forms.ClockForm) -> Any:
    """Return the form of one duty to report with ids of its own."""
    return with_ids(form, f"clock-{clock_id}")


def _next_step(viewer: Viewer, case: Case, refused: WhistleStep | None) -> str:
    """Return the step that the page proposes; a refused one stays where its words are."""
    if refused in (WhistleStep.CONFIRM, WhistleStep.ASSESS):
        return refused
    ways = [WhistleStep.CONFIRM, WhistleStep.ASSESS, WhistleStep.APPOINT, WhistleStep.CLOSE]
    if case.whistle.state == WhistleState.INVESTIGATING:
        ways.remove(WhistleStep.APPOINT)
    return next((each for each in ways if can_take_step(viewer, case.access, each)), "")


def check_form(months: int, form: forms.CheckForm) -> Any:
    """Return the form of one check with ids of its own."""
    return with_ids(form, f"check-{months}")


def _list_steps(state: WhistleState, whistle: Any) -> list[tuple[str, str, str]]:
    """Return the line of steps, all done when closed; what is none is not investigated."""
    states = [
        each
        for each in WhistleState
        if each != WhistleState.INVESTIGATING or whistle.is_whistleblowing is not False
    ]
    place = states.index(state) + (state == WhistleState.CLOSED)
    return [
        (
            str(words.STATES[each][0]),
            "",
            "done" if n < place else "current" if n == place else "todo",
        )
        for n, each in enumerate(states)
    ]
