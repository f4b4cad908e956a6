"""The page of somebody who reported a deviation by name that is whistleblowing now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.send_key import key_of_sending
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.numbers import number_words
from intranet.people.queries.units import get_unit
from intranet.web.access import current_viewer, requires
from intranet.web.downloads import send_stored_file
from intranet.web.forms import add_to_form
from intranet.whistleblowing import forms, words
from intranet.whistleblowing.actions.deliver import add_from_whistleblower
from intranet.whistleblowing.actions.offer import answer_by_name
from intranet.whistleblowing.queries import cases
from intranet.whistleblowing.queries.cases import Case, get_own_case_for
from intranet.whistleblowing.views.blueprint import blueprint
from intranet.whistleblowing.views.case_page import with_ids


@blueprint.get("/varsling/min/<uuid:case_id>")
@requires()
def show_own(case_id: UUID) -> Any:
    """Say what happened to the report, and how to go on."""
    return _render(get_own_case_for(current_viewer(), str(case_id)))


@blueprint.post("/varsling/min/<uuid:case_id>/svar")
@requires()
def write_own(case_id: UUID) -> Any:
    """Write to those who handle the case."""
    return _add(case_id, forms.OwnMessageForm(), is_retaliation=False)


@blueprint.post("/varsling/min/<uuid:case_id>/gjengjeldelse")
@requires()
def report_own_retaliation(case_id: UUID) -> Any:
    """Say that there was retaliation."""
    return _add(case_id, forms.OwnRetaliationForm(), is_retaliation=True)


@blueprint.post("/varsling/min/<uuid:case_id>/videre")
@requires()
def answer_own(case_id: UUID) -> Any:
    """Say whether it may be sent on as a deviation."""
    viewer, form = current_viewer(), forms.OwnAnswerForm()
    case = _own(viewer, case_id)
    if not form.validate():
        return _render(case, form, 422)
    try:
        with transaction():
            is_accepted = form.answer.data == "yes"
            answer_by_name(_own(viewer, case_id), is_accepted=is_accepted, actor=viewer)
    except NotPossibleNow as error:
        add_to_form(form, error)
        return _render(_own(viewer, case_id), form, 409)
    flash(_("De som behandler varselet, har fått svaret ditt."), "success")
    return redirect(url_for("whistleblowing.show_own", case_id=case_id))


@blueprint.get("/varsling/min/<uuid:case_id>/fil/<int:file_id>")
@requires()
def download_own_file(case_id: UUID, file_id: int) -> Response:
    """Send a file that the reporter may have."""
    case = get_own_case_for(current_viewer(), str(case_id))
    return send_stored_file(cases.get_file(case, file_id, public_only=True))


def _add(case_id: UUID, form: Any, *, is_retaliation: bool) -> Any:
    viewer = current_viewer()
    case = get_own_case_for(viewer, str(case_id))
    key = form.ensure_key()
    if not form.validate():
        return _render(case, form, 422)
    try:
        with transaction():
            case = _own(viewer, case_id)
            add_from_whistleblower(
                case.whistle,
                form.text.data,
                is_retaliation=is_retaliation,
                actor=viewer,
                send_key=key_of_sending(key, str(is_retaliation), form.text.data),
            )
    except InvalidInput as error:
        add_to_form(form, error)
        return _render(_own(viewer, case_id), form, 422)
    flash(_("De som behandler varselet, har fått det du skrev."), "success")
    return redirect(url_for("whistleblowing.show_own", case_id=case_id))


def _own(viewer: Viewer, case_id: UUID) -> Case:
    return get_own_case_for(viewer, str(case_id))


def _render(case: Case, form: Any = None, status: int = 200) -> tuple[str, int]:
    whistle = case.whistle
    origin = cases.find_origin(whistle.id)
    talk = form if isinstance(form, forms.OwnMessageForm) else forms.OwnMessageForm(formdata=None)
    again = form if isinstance(form, forms.OwnRetaliationForm) else None
    again = forms.OwnRetaliationForm(formdata=None) if again is None else again
    talk.ensure_key()
    again.ensure_key()
    reply = form if isinstance(form, forms.OwnAnswerForm) else forms.OwnAnswerForm(formdata=None)
    offer = cases.find_offer(whistle.id)
    page = render_template(
        "whistleblowing/show_own.html",
        offer=offer if offer is not None and offer.is_accepted is None else None,
        offer_unit=get_unit(offer.unit_id).name if offer is not None else "",
        answer=with_ids(reply, "answer"),
        case=case,
        whistle=whistle,
        origin=origin,
        shown_number=number_words(origin.number) if origin else "",
        sentence=words.STATE_SENTENCES[whistle.state],
        entries=cases.list_entries(whistle.id, public_only=True),
        files=cases.list_files(whistle.id, public_only=True),
        event_words=words.event_words,
        talk=with_ids(talk, "talk"),
        again=with_ids(again, "again"),
        refused=form,
        form_has_errors=status >= 400,
    )
    return page, status
