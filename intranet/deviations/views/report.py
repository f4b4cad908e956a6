"""Reporting: the form, the draft, the receipt, and the list of what I have reported."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO, now, oslo_moment
from intranet.core.errors import InvalidInput, NotPossibleNow
from intranet.core.files import ReceivedFile, receive_upload
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.actions import report as actions
from intranet.deviations.actions.questions import may_answer
from intranet.deviations.queries.cases import get_deviation_for
from intranet.deviations.queries.forwards import list_forwards_for
from intranet.deviations.queries.lists import find_draft, list_own
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.report_forms import ReportDeviationForm, report_form_class
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.guarding import holds_back
from intranet.deviations.views.suggestions import Proposal, propose_laws, propose_procedures
from intranet.library.queries.documents import find_document_title
from intranet.people.queries.persons import get_person_by_text
from intranet.people.queries.units import chief_executive_id, is_unit_active, unit_choices
from intranet.web.access import current_viewer, requires
from intranet.web.addresses import number_parameter, text_parameter
from intranet.web.form_fields import field_kind
from intranet.web.forms import add_to_form

DRAFT = "draft"
# The buttons that find what was breached, for those without scripts: (field, how it is found).
PROPOSERS = {
    "find_procedure": ("procedure_number", propose_procedures),
    "find_law": ("law_reference", propose_laws),
}
# Not kept in a draft: what only the machine reads, and files, which are chosen again.
_NOT_IN_DRAFT = frozenset({"csrf_token", "send_key", "files", "photo"})
_MOST_FILES = 10
# What stands outside the folded part of the form.
_IN_THE_OPEN = frozenset({"what", "unit_id", "day", "clock", "privacy_reason"})


@blueprint.route("/avvik/meld", methods=["GET", "POST"])
@requires()
def report_deviation() -> Any:
    """Report in three fields; a failed sending keeps the text, in the page and as a draft."""
    viewer = current_viewer()
    form = _form_for(viewer)
    if not form.is_submitted():
        return _render(form, viewer)
    if request.form.get("step") in PROPOSERS:
        return _render(form, viewer)
    _take_picked(form)
    if request.form.get("step") == DRAFT:
        keep_draft(form, viewer)
        flash(_("Utkastet er lagret. Du kan fortsette når du vil."), "success")
        return redirect(url_for("deviations.list_my_deviations"))
    if not form.validate() or holds_back(form, ("what", "immediate_action"), viewer):
        return _refuse(form, viewer, 422)
    try:
        files = _receive_files(form)
        with transaction():
            number = actions.report_deviation(_report_of(form, viewer, files), actor=viewer).number
    except InvalidInput as error:
        add_to_form(form, error)
        return _refuse(form, viewer, 422)
    except NotPossibleNow as error:
        add_to_form(form, error)
        return _refuse(form, viewer, 409)
    return redirect(url_for("deviations.show_receipt", number=number))


@blueprint.get("/avvik/<int:number>/kvittering")
@requires()
def show_receipt(number: int) -> str:
    """Tell the reporter the number and what happens next."""
    case = get_deviation_for(current_viewer(), number)
    return render_template(
        "deviations/show_receipt.html",
        case=case,
        deviation=case.deviation,
        may_answer=may_answer(case, current_viewer()),
    )


@blueprint.get("/avvik/mine")
@requires()
def list_my_deviations() -> str:
    """Show what I have reported, and the draft that I have begun."""
    viewer = current_viewer()
    page = list_own(viewer, number_parameter("eldre"))
    return render_template(
        "deviations/list_my_deviations.html",
        page=page,
        draft=find_draft(viewer),
        forwards=[] if request.args.get("eldre") else list_forwards_for(viewer),
    )


@blueprint.post("/avvik/utkast/slett")
@requires()
def discard_draft() -> Response:
    """Throw the draft away."""
    with transaction():
        actions.discard_draft(actor=current_viewer())
    flash(_("Utkastet er slettet."), "info")
    return redirect(url_for("deviations.report_deviation"))


def _form_for(viewer: Viewer) -> ReportDeviationForm:
    local = now().astimezone(OSLO)
    values: dict[str, Any] = {
        "unit_id": viewer.home_unit_id,
        "day": local.date(),
        "clock": local.time().replace(second=0, microsecond=0),
        "procedure_number": text_parameter("prosedyre", 40),
    }
    draft = None if request.method == "POST" else find_draft(viewer)
    if draft is not None:
        values.update(_restored(draft.fields))
    # Scanned from a poster: here is where it happened.
    place = request.args.get("sted", "")
    if place.isascii() and place.isdigit() and len(place) < 10:
        values["unit_id"] = int(place)
    form = report_form_class(load_categories(), ReportDeviationForm)(data=values)
    if place and str(form.unit_id.data) == place:
        form.unit_id.description = _("Stedet står på plakaten du skannet.")
    form.ensure_key()
    return form


def _offer_suggestions(form: ReportDeviationForm) -> None:
    """Tell the page's script where it finds what was breached while it is typed."""
    for (name, _find), kind in zip(PROPOSERS.values(), ("prosedyre", "lov"), strict=True):
        form[name].render_kw = {
            "autocomplete": "off",
            "data-suggest": url_for("deviations.propose", kind=kind),
            "data-suggest-pick": "",
            "data-suggest-label": form[name].label.text,
            "data-suggest-count": _("{count} forslag"),
            "data-suggest-none": _("Ingen forslag"),
        }


def unit_options() -> list[SelectChoice]:
    """Return the places to choose from, none of them chosen."""
    return [
        SelectChoice("", _("Velg et sted")),
        *[SelectChoice(unit_id, name) for unit_id, name in unit_choices()],
    ]


def _restored(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a draft as the form's own types; what no longer fits is left out."""
    values = {name: value for name, value in fields.items() if value}
    for name, read in (("day", date.fromisoformat), ("clock", time.fromisoformat)):
        try:
            values[name] = read(values[name])
        except (KeyError, ValueError):
            values.pop(name, None)
    return values


def keep_draft(form: ReportDeviationForm, viewer: Viewer) -> None:
    """Save what is in the form as it is; a draft need not be right."""
    fields = {}
    for field in form:
        if field.name in _NOT_IN_DRAFT:
            continue
        value = field.data
        fields[field.name] = value.isoformat() if isinstance(value, (date, time)) else value
    text = "".join(str(value) for value in fields.values())
    if "\x00" in text or any(0xD800 <= ord(char) <= 0xDFFF for char in text) or len(text) > 50_000:
        return
    with transaction():
        actions.save_draft(fields, actor=viewer)


def _refuse(form: ReportDeviationForm, viewer: Viewer, status: int) -> tuple[str, int]:
    """Show the form again with the text, and keep it as a draft as well (D8)."""
    keep_draft(form, viewer)
    return _render(form, viewer, status)


def _render(form: ReportDeviationForm, viewer: Viewer, status: int = 200) -> tuple[str, int]:
    _offer_suggestions(form)
    form.unit_id.choices = unit_options()
    number = str(form.procedure_number.data or "")
    draft = find_draft(viewer) if status == 200 else None
    proposals = _proposals(form, viewer)
    page = render_template(
        "deviations/report_deviation.html",
        form=form,
        proposals=proposals,
        draft=draft,
        procedure_title=find_document_title(number) if number else None,
        shows_more=bool(proposals) or _uses_more(form),
        form_has_errors=status >= 400,
    )
    return page, status


def _uses_more(form: ReportDeviationForm) -> bool:
    """Say whether the folded part has something that was filled in, or that is wrong."""
    folded = [
        field
        for field in form
        if field.short_name not in _IN_THE_OPEN and field_kind(field) != "hidden"
    ]
    return any(_is_filled(field.data) or field.errors for field in folded)


def _is_filled(data: Any) -> bool:
    if isinstance(data, list):
        return any(map(_is_filled, data))
    return bool(getattr(data, "filename", data))


def _proposals(form: ReportDeviationForm, viewer: Viewer) -> dict[str, list[Proposal]]:
    """Return what the pressed button finds, from the field's words or else from what happened."""
    pressed = PROPOSERS.get(request.form.get("step", ""))
    if pressed is None:
        return {}
    name, find = pressed
    return {name: find(viewer, form[name].data or form.what.data or "")}


def _take_picked(form: ReportDeviationForm) -> None:
    """Put what was picked among the proposals in its field; "don't know" empties it."""
    for name, _find in PROPOSERS.values():
        picked = request.form.get(f"picked_{name}")
        if picked is not None:
            form[name].data = picked[:200]


def _receive_files(form: ReportDeviationForm) -> list[ReceivedFile]:
    sent = [form.photo.data, *(form.files.data or [])]
    uploads = [upload for upload in sent if getattr(upload, "filename", "")]
    if len(uploads) > _MOST_FILES:
        raise InvalidInput(_("Du kan legge ved høyst ti filer."), "files")
    try:
        return [receive_upload(upload.stream, upload.filename) for upload in uploads]
    except InvalidInput as error:
        raise InvalidInput(error.message, "files") from error


def _report_of(
    form: ReportDeviationForm, viewer: Viewer, files: list[ReceivedFile]
) -> actions.Report:
    assert form.day.data is not None
    assert form.clock.data is not None
    return actions.Report(
        what=form.what.data or "",
        unit_id=form.unit_id.data,
        happened_at=oslo_moment(form.day.data, form.clock.data),
        send_key=form.ensure_key(),
        category=form.category.data,
        answers=form.chosen_answers(),
        immediate_action=form.immediate_action.data or "",
        procedure_number=form.procedure_number.data or "",
        law_reference=form.law_reference.data or "",
        concerned_ids=_concerned(form, viewer),
        files=files,
        privacy_reason=form.privacy_reason.data or "",
    )


def _concerned(form: ReportDeviationForm, viewer: Viewer) -> frozenset[int]:
    """Return the persons that the reporter's answers mean; the server decides who they are."""
    chosen = form.concerns.data or []
    found: set[int | None] = set()
    if "place" in chosen and is_unit_active(form.unit_id.data):
        found.add(actions.find_leader_of(form.unit_id.data, besides=viewer.id))
    if "own" in chosen and viewer.home_unit_id is not None:
        found.add(actions.find_leader_of(viewer.home_unit_id, besides=viewer.id))
    if "chief" in chosen:
        found.add(chief_executive_id())
    if form.concerned_person.data:
        found.add(get_person_by_text(form.concerned_person.data, field="concerned_person"))
    return frozenset(person for person in found if person is not None and person != viewer.id)
