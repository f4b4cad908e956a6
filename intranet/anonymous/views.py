"""Reporting without a name, and following up with the code. No view here knows who asks."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from intranet.anonymous import forms, queries
from intranet.anonymous.actions import send
from intranet.anonymous.actions.forget import forget_order
from intranet.anonymous.code_pages import (
    OPENINGS,
    SHOWN,
    STATUS,
    TYPED,
    check_sending,
    clean_files,
    open_typed,
    posted,
    prepare_follow_up,
    seal,
    take_code,
)
from intranet.anonymous.queries import Followed
from intranet.core.clock import today
from intranet.core.errors import IntranetError, InvalidInput, NotFound, NotPossibleNow
from intranet.core.receipt_code import make_code, show_code
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.headline import headline
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.report_forms import report_form_class
from intranet.deviations.words import EVENT_ICONS, STATES, event_words
from intranet.people.queries.units import unit_choices
from intranet.web.access import public
from intranet.web.downloads import send_stored_file
from intranet.web.forms import BaseForm, add_to_form
from intranet.web.sessionless import make_sessionless_blueprint

blueprint = make_sessionless_blueprint("anonymous", __name__, "/meld-anonymt", "/anonymt")

WHISTLEBLOWING = "/varsling"


@blueprint.route("/meld-anonymt", methods=["GET", "POST"])
@public
def report() -> Any:
    """Show the code, have it typed, then the form: a wrong code costs no text and no file."""
    if request.method == "GET":
        return _render_start(make_code())
    if request.form.get("step") == "code":
        return _take_code()
    return _take_report()


@blueprint.get("/meld-anonymt/sendt")
@public
def show_sent() -> str:
    """Say that it is kept and what comes; the code is not in the address, so not here either."""
    return render_template("anonymous/show_sent.html", **_common())


@blueprint.route("/anonymt", methods=["GET", "POST"])
@public
def follow() -> Any:
    """Ask for the code, and show what it opens."""
    form = forms.OpenForm(formdata=request.form if request.method == "POST" else None)
    if request.method == "GET":
        return render_template("anonymous/open.html", form=form, **_common())
    if not form.validate():
        return _render_open(form, 422)
    try:
        return _render_case(_open(form.code.data), str(form.code.data))
    except IntranetError as error:
        error.field = "code"
        add_to_form(form, error)
        return _render_open(form, STATUS.get(type(error), 409))


@blueprint.post("/anonymt/svar")
@public
def add() -> Any:
    """Keep what the reporter adds, until the next delivery."""
    return _add(forms.AddForm(formdata=posted()), is_not_solved=False)


@blueprint.post("/anonymt/ikke-lost")
@public
def say_not_solved() -> Any:
    """Keep that it is not solved."""
    return _add(forms.NotSolvedForm(formdata=request.form), is_not_solved=True)


@blueprint.post("/anonymt/fil/<int:file_id>")
@public
def download(file_id: int) -> Response:
    """Send a file that the handler has shown to the reporter."""
    return send_stored_file(queries.get_file(_open(request.form.get("code")), file_id))


def _take_code() -> Any:
    form = forms.TypeCodeForm(formdata=request.form)
    code, is_right = take_code(form)
    if not is_right:
        return _render_start(code, form, 422)
    empty = _report_form(formdata=None)
    empty.day.data = today()
    return _render_report(empty, code)


def _take_report() -> Any:
    form = _report_form(formdata=posted())
    code = open_typed(form)
    if not form.validate():
        return _render_report(form, code, 422)
    try:
        check_sending()
        files = clean_files(form)
        with transaction():
            send.send_report(code, _content_of(form), files)
    except (InvalidInput, NotPossibleNow) as error:
        add_to_form(form, error)
        return _render_report(form, code, STATUS[type(error)])
    forget_order()
    return redirect(url_for("anonymous.show_sent"), 303)


def _add(form: Any, *, is_not_solved: bool) -> Any:
    try:
        followed = _open(form.code.data)
    except (NotFound, NotPossibleNow) as error:
        asked = forms.OpenForm(formdata=None)
        asked.form_errors.append(str(error.message))
        return _render_open(asked, STATUS[type(error)])
    code = str(form.code.data)
    key = form.ensure_key()
    if not form.validate():
        return _render_case(followed, code, form, 422)
    try:
        check_sending()
        files = [] if is_not_solved else clean_files(form)
        with transaction():
            followed = queries.get_followed(code)
            send.send_message(followed, key, form.text.data, files, is_not_solved=is_not_solved)
    except (InvalidInput, NotPossibleNow) as error:
        add_to_form(form, error)
        return _render_case(queries.get_followed(code), code, form, STATUS[type(error)])
    forget_order()
    return _render_case(queries.get_followed(code), code, has_added=True)


def _open(code: str | None) -> Followed:
    check_sending(OPENINGS)
    return queries.get_followed(code)


def _common() -> dict[str, Any]:
    """What every page of the room shows: the way to whistleblowing where the portal has one."""
    rules = {rule.rule for rule in current_app.url_map.iter_rules()}
    return {
        "whistleblowing_url": WHISTLEBLOWING if WHISTLEBLOWING in rules else None,
        "mode": get_settings().anonymous_delivery,
    }


def _report_form(*, formdata: Any) -> forms.AnonymousReportForm:
    form = report_form_class(load_categories(), forms.AnonymousReportForm)(formdata=formdata)
    form.unit_id.choices = [
        SelectChoice("", _("Velg et sted")),
        *[SelectChoice(unit_id, name) for unit_id, name in unit_choices()],
    ]
    return form


def _content_of(form: forms.AnonymousReportForm) -> send.AnonymousContent:
    return send.AnonymousContent(
        what=form.what.data,
        unit_id=form.unit_id.data,
        happened_on=form.day.data,
        category=form.category.data,
        answers=form.chosen_answers(),
        immediate_action=form.immediate_action.data or "",
        concerns=form.concerns.data or (),
    )


def _render_start(code: str, form: Any = None, status: int = 200) -> tuple[str, int]:
    form = forms.TypeCodeForm(formdata=None) if form is None else form
    seal(form, code, SHOWN)
    page = render_template(
        "anonymous/report_start.html",
        form=form,
        code=show_code(code),
        form_has_errors=status >= 400,
        **_common(),
    )
    return page, status


def _render_report(
    form: forms.AnonymousReportForm, code: str, status: int = 200
) -> tuple[str, int]:
    seal(form, code, TYPED)
    page = render_template(
        "anonymous/report.html", form=form, form_has_errors=status >= 400, **_common()
    )
    return page, status


def _render_open(form: BaseForm, status: int) -> tuple[str, int]:
    return render_template(
        "anonymous/open.html", form=form, form_has_errors=True, **_common()
    ), status


def _render_case(
    followed: Followed, code: str, form: Any = None, status: int = 200, *, has_added: bool = False
) -> tuple[str, int]:
    """Return the followed report; `form` is the refused one, with what was typed."""
    talk = form if isinstance(form, forms.AddForm) else forms.AddForm(formdata=None)
    again = form if isinstance(form, forms.NotSolvedForm) else forms.NotSolvedForm(formdata=None)
    prepare_follow_up(code, talk=talk, again=again)
    page = render_template(
        "anonymous/follow.html",
        followed=followed,
        case=followed.case,
        deviation=followed.case.deviation if followed.case else None,
        headline=headline,
        states=STATES,
        event_words=event_words,
        event_icons=EVENT_ICONS,
        talk=talk,
        again=again,
        refused=form,
        has_added=has_added,
        can_write=not queries.is_ended(followed),
        may_ask_to_move=queries.may_ask_to_move(followed, code),
        has_asked=any(each.is_wish for each in followed.waiting),
        code=code,
        form_has_errors=status >= 400,
        **_common(),
    )
    return page, status
