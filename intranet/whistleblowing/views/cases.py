"""The pages of recipients, investigators and named readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from intranet.core.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    SomeoneElseWasFirst,
)
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.queries.routes import find_last_recipient_id
from intranet.people.queries.persons import get_person_by_text
from intranet.web.access import current_viewer, requires
from intranet.web.downloads import send_stored_file
from intranet.web.forms import add_to_form
from intranet.whistleblowing import forms, words
from intranet.whistleblowing.actions import clocks, steps, talk
from intranet.whistleblowing.actions.offer import Proposal, offer_to_send_on
from intranet.whistleblowing.numbers import number_words
from intranet.whistleblowing.policy import is_recipient, parts_of
from intranet.whistleblowing.queries import cases
from intranet.whistleblowing.queries.cases import Case
from intranet.whistleblowing.views.blueprint import blueprint
from intranet.whistleblowing.views.case_page import (
    FORMS,
    check_form,
    clock_form,
    render_case,
    set_units,
)
from intranet.whistleblowing.workflow import WhistleStep, is_theirs

Act = Callable[[Case, Any, dict[str, Any]], object]


@blueprint.get("/varsling/saker")
@requires()
def list_cases() -> str:
    """Show the cases; to whoever has none and receives none the page does not exist."""
    viewer = current_viewer()
    found = cases.list_cases_for(viewer)
    if not found and not is_recipient(viewer) and viewer.id != find_last_recipient_id():
        raise NotFound(_("Vi finner ikke denne siden."))
    return render_template(
        "whistleblowing/list_cases.html",
        cases=found,
        state_words=words.STATES,
        number_words=number_words,
    )


@blueprint.get("/varsling/sak/<uuid:case_id>")
@requires()
def show_case(case_id: UUID) -> Any:
    """Show the case, and note that it was opened."""
    viewer = current_viewer()
    cases.get_case_for(viewer, str(case_id))
    with transaction():
        steps.note_opening(cases.get_case_for(viewer, str(case_id)), actor=viewer)
    return render_case(cases.get_case_for(viewer, str(case_id)), viewer)


@blueprint.get("/varsling/sak/<uuid:case_id>/fil/<int:file_id>")
@requires()
def download_file(case_id: UUID, file_id: int) -> Response:
    """Send a file of this case, and note that it was fetched."""
    viewer = current_viewer()
    cases.get_file(cases.get_case_for(viewer, str(case_id)), file_id, public_only=False)
    with transaction():
        case = cases.get_case_for(viewer, str(case_id))
        steps.note_opening(case, actor=viewer, file_id=file_id)
    case = cases.get_case_for(viewer, str(case_id))
    return send_stored_file(cases.get_file(case, file_id, public_only=False))


@blueprint.post("/varsling/sak/<uuid:case_id>/bekreft")
@requires()
def confirm(case_id: UUID) -> Any:
    """Confirm that it is received."""
    return _take(case_id, WhistleStep.CONFIRM, lambda c, f, k: steps.confirm_case(c, **k))


@blueprint.post("/varsling/sak/<uuid:case_id>/vurder")
@requires()
def assess(case_id: UUID) -> Any:
    """Say whether it is whistleblowing."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        is_it = form.is_whistleblowing.data == "yes"
        steps.assess_case(case, form.explanation.data, is_whistleblowing=is_it, **common)

    return _take(case_id, WhistleStep.ASSESS, act)


@blueprint.post("/varsling/sak/<uuid:case_id>/undersoker")
@requires()
def appoint(case_id: UUID) -> Any:
    """Appoint an investigator."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        person_id = get_person_by_text(form.person.data, field="person")
        steps.appoint_investigator(case, person_id, form.reason.data, **common)

    return _take(case_id, WhistleStep.APPOINT, act)


@blueprint.post("/varsling/sak/<uuid:case_id>/leser")
@requires()
def name_reader(case_id: UUID) -> Any:
    """Let somebody read the case."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        person_id = get_person_by_text(form.person.data, field="person")
        steps.name_reader(case, person_id, form.reason.data, **common)

    return _take(case_id, WhistleStep.NAME_READER, act)


@blueprint.post("/varsling/sak/<uuid:case_id>/gjelder")
@requires()
def exclude(case_id: UUID) -> Any:
    """Say whom it concerns."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        steps.exclude_person(case, get_person_by_text(form.person.data, field="person"), **common)

    return _take(case_id, WhistleStep.EXCLUDE, act)


@blueprint.post("/varsling/sak/<uuid:case_id>/avslutt")
@requires()
def close(case_id: UUID) -> Any:
    """Close with a conclusion."""
    return _take(
        case_id,
        WhistleStep.CLOSE,
        lambda c, f, k: steps.close_case(c, f.conclusion.data, **k),
    )


@blueprint.post("/varsling/sak/<uuid:case_id>/tilby")
@requires()
def offer(case_id: UUID) -> Any:
    """Ask whether it may be sent on as a deviation."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        proposal = Proposal(form.text.data, form.unit_id.data, form.happened_on.data)
        offer_to_send_on(case, proposal, **common)

    form = forms.OfferForm()
    set_units(form)
    return _take(case_id, WhistleStep.OFFER, act, form)


@blueprint.post("/varsling/sak/<uuid:case_id>/melding")
@requires()
def write(case_id: UUID) -> Any:
    """Write to the whistleblower, or a note."""
    form = forms.TalkForm()
    action = talk.write_note if form.is_internal.data else talk.write_message
    key = form.ensure_key()
    return _take(
        case_id,
        WhistleStep.MESSAGE,
        lambda c, f, k: action(c, f.text.data, actor=k["actor"], send_key=key),
        form,
    )


@blueprint.post("/varsling/sak/<uuid:case_id>/oppfolging/<int:months>")
@requires()
def check(case_id: UUID, months: int) -> Any:
    """Note what came of asking for retaliation."""
    return _take(
        case_id,
        WhistleStep.CHECK,
        lambda c, f, k: steps.do_check(c, months, f.note.data, actor=k["actor"]),
        check_form(months, forms.CheckForm()),
    )


@blueprint.post("/varsling/sak/<uuid:case_id>/frist/<int:clock_id>")
@requires()
def settle_clock(case_id: UUID, clock_id: int) -> Any:
    """Say that what the law asks for is done, or does not apply."""

    def act(case: Case, form: Any, common: dict[str, Any]) -> None:
        is_applicable = form.outcome.data == "done"
        clocks.settle_clock(
            case, clock_id, form.note.data, is_applicable=is_applicable, actor=common["actor"]
        )

    form = clock_form(clock_id, forms.ClockForm())
    return _take(case_id, WhistleStep.SETTLE_CLOCK, act, form)


def _take(case_id: UUID, step: WhistleStep, act: Act, form: Any = None) -> Any:
    """Take the step, or show the case again with what was typed and why it was refused."""
    viewer = current_viewer()
    case = cases.get_case_for(viewer, str(case_id))
    if not is_theirs(step, parts_of(viewer, case.access)):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    form = form or FORMS[step]()
    if not form.validate():
        return render_case(case, viewer, step, form, 422)
    try:
        with transaction():
            case = cases.get_case_for(viewer, str(case_id))
            version = form.version.data if "version" in form else None
            act(case, form, {"actor": viewer, "version": version or -1})
    except (InvalidInput, NotPossibleNow, SomeoneElseWasFirst) as error:
        add_to_form(form, error)
        status = 422 if isinstance(error, InvalidInput) else 409
        return render_case(cases.get_case_for(viewer, str(case_id)), viewer, step, form, status)
    try:
        cases.get_case_for(viewer, str(case_id))
    except NotFound:
        flash(_("Saken er gitt til andre."), "success")
        return redirect(url_for("home.show_front_page"))
    return redirect(url_for("whistleblowing.show_case", case_id=case_id))
