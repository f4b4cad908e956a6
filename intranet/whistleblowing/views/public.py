"""Whistleblowing without logging in: the guide, sending, and following up with the code.

No view here knows who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

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
from intranet.core.errors import IntranetError, InvalidInput, NotFound, NotPossibleNow
from intranet.core.receipt_code import make_code, show_code
from intranet.core.richtext import to_html
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.core.traceless_files import CleanFile
from intranet.core.transaction import transaction
from intranet.people.queries.units import unit_choices
from intranet.web.access import public
from intranet.web.downloads import send_stored_file
from intranet.web.forms import add_to_form
from intranet.web.sessionless import make_sessionless_blueprint
from intranet.whistleblowing import forms, words
from intranet.whistleblowing.actions import offer as offers
from intranet.whistleblowing.actions import send as sending
from intranet.whistleblowing.actions.opening import demand_recipients
from intranet.whistleblowing.queries.cases import get_file, list_recipients
from intranet.whistleblowing.queries.following import Followed, get_followed
from intranet.whistleblowing.queries.routine import find_routine

blueprint = make_sessionless_blueprint(
    "varsling", __name__, "/varsling$", "/varsling/rutine", "/varsling/ny", "/varsling/folg"
)


@blueprint.get("/varsling")
@public
def show_guide() -> str:
    """Say what whistleblowing is, the ways to do it, and what protects who does."""
    return render_template(
        "whistleblowing/show_guide.html",
        routine=find_routine(),
        mode=get_settings().anonymous_delivery,
        recipients=list_recipients(),
        categories=words.CATEGORIES,
    )


@blueprint.get("/varsling/rutine")
@public
def show_routine() -> str:
    """Show the municipality's routine, also to those who cannot log in."""
    routine = find_routine()
    if routine is None:
        raise NotFound(_("Kommunen har ikke lagt ut rutinen sin her ennå."))
    body = to_html(routine.body)
    return render_template("whistleblowing/show_routine.html", routine=routine, body=body)


@blueprint.route("/varsling/ny", methods=["GET", "POST"])
@public
def send() -> Any:
    """Show the code, have it typed, then the form: a wrong code costs no text and no file."""
    if request.method == "GET":
        demand_recipients()
        return _render_start(make_code())
    if request.form.get("step") == "code":
        form = forms.TypeCodeForm(formdata=request.form)
        code, is_right = take_code(form)
        return _render_form(_form(None), code) if is_right else _render_start(code, form, 422)
    return _take_notice()


@blueprint.get("/varsling/ny/sendt")
@public
def show_sent() -> str:
    """Say that it is kept and what comes."""
    return render_template("whistleblowing/show_sent.html", **_common())


@blueprint.route("/varsling/folg", methods=["GET", "POST"])
@public
def follow() -> Any:
    """Ask for the code, and show what it opens."""
    form = forms.OpenForm(formdata=request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _render_open(form, 200)
    if not form.validate():
        return _render_open(form, 422)
    try:
        return _render_case(_open(form.code.data), str(form.code.data))
    except IntranetError as error:
        error.field = "code"
        add_to_form(form, error)
        return _render_open(form, STATUS.get(type(error), 409))


@blueprint.post("/varsling/folg/svar")
@public
def add() -> Any:
    """Keep what the whistleblower adds, until the next delivery."""
    return _add(forms.MoreForm(formdata=posted()), is_retaliation=False)


@blueprint.post("/varsling/folg/gjengjeldelse")
@public
def report_retaliation() -> Any:
    """Keep that there was retaliation, until the next delivery."""
    return _add(forms.RetaliationForm(formdata=request.form), is_retaliation=True)


@blueprint.post("/varsling/folg/videre")
@public
def answer() -> Any:
    """Keep whether it may be sent on as a deviation, until the next delivery."""
    return _keep(forms.AnswerForm(formdata=request.form), _hold_answer)


@blueprint.post("/varsling/folg/fil/<int:file_id>")
@public
def download(file_id: int) -> Response:
    """Send a file that the whistleblower may have."""
    case = _open(request.form.get("code")).case
    if case is None:
        raise NotFound(_("Vi finner ikke denne filen."))
    return send_stored_file(get_file(case, file_id, public_only=True))


def _take_notice() -> Any:
    form = _form(posted())
    code = open_typed(form)
    if not form.validate():
        return _render_form(form, code, 422)
    try:
        check_sending()
        files = clean_files(form)
        notice = sending.Notice(
            what=form.what.data,
            happened=form.happened.data or "",
            unit_id=form.unit_id.data,
            categories=form.categories.data or (),
            concerns=form.concerns.data or "",
            contact=form.contact.data or "",
            leaders=form.leaders.data or (),
            without_ids=form.without_ids.data if "without_ids" in form else [],
        )
        with transaction():
            sending.send_notice(code, notice, files)
    except (InvalidInput, NotPossibleNow) as error:
        add_to_form(form, error)
        return _render_form(form, code, STATUS[type(error)])
    forget_order()
    return redirect(url_for("varsling.show_sent"), 303)


def _add(form: Any, *, is_retaliation: bool) -> Any:
    def hold(followed: Followed, code: str, key: str) -> None:
        sending.send_more(followed, key, form.text.data, files, is_retaliation=is_retaliation)

    files: list[CleanFile] = []
    clean = None if is_retaliation else lambda: files.extend(clean_files(form))
    return _keep(form, lambda _form, *found: hold(*found), clean)


def _hold_answer(form: Any, followed: Followed, code: str, key: str) -> None:
    is_accepted = form.answer.data == "yes"
    offers.answer_with_code(followed, code, key, is_accepted=is_accepted)


def _keep(form: Any, hold: Callable[..., None], clean: Callable[[], None] | None = None) -> Any:
    """Open the case with the form's code, and hold what it says in one transaction."""
    try:
        followed = _open(form.code.data)
    except (NotFound, NotPossibleNow) as error:
        asked = forms.OpenForm(formdata=None)
        asked.form_errors.append(str(error.message))
        return _render_open(asked, STATUS[type(error)])
    code, key = str(form.code.data), form.ensure_key()
    if not form.validate():
        return _render_case(followed, code, form, 422)
    try:
        check_sending()
        if clean is not None:
            clean()
        with transaction():
            hold(form, get_followed(code), code, key)
    except (InvalidInput, NotPossibleNow) as error:
        add_to_form(form, error)
        return _render_case(get_followed(code), code, form, STATUS[type(error)])
    forget_order()
    return _render_case(get_followed(code), code, has_added=True)


def _open(code: str | None) -> Followed:
    check_sending(OPENINGS)
    return get_followed(code)


def _form(formdata: Any) -> forms.NoticeForm:
    form = forms.NoticeForm(formdata=formdata)
    form.unit_id.choices = [
        SelectChoice("", _("Vil ikke si eller vet ikke")),
        *[SelectChoice(unit_id, name) for unit_id, name in unit_choices()],
    ]
    form.without_ids.choices = [SelectChoice(each, name) for each, name in list_recipients()]
    if not form.without_ids.choices:
        del form.without_ids
    return form


def _common() -> dict[str, Any]:
    return {"mode": get_settings().anonymous_delivery}


def _render_start(code: str, form: Any = None, status: int = 200) -> tuple[str, int]:
    form = forms.TypeCodeForm(formdata=None) if form is None else form
    seal(form, code, SHOWN)
    return _page("send_start", status, form=form, code=show_code(code))


def _render_form(form: forms.NoticeForm, code: str, status: int = 200) -> tuple[str, int]:
    seal(form, code, TYPED)
    return _page("send", status, form=form)


def _render_open(form: Any, status: int) -> tuple[str, int]:
    return _page("open", status, form=form)


def _render_case(
    followed: Followed, code: str, form: Any = None, status: int = 200, *, has_added: bool = False
) -> tuple[str, int]:
    """Return the followed notice; `form` is the refused one, with what was typed."""
    talk = form if isinstance(form, forms.MoreForm) else forms.MoreForm(formdata=None)
    again = form if isinstance(form, forms.RetaliationForm) else None
    again = forms.RetaliationForm(formdata=None) if again is None else again
    reply = form if isinstance(form, forms.AnswerForm) else forms.AnswerForm(formdata=None)
    prepare_follow_up(code, talk=talk, again=again, answer=reply)
    return _page(
        "follow",
        status,
        followed=followed,
        case=followed.case,
        sentences=words.STATE_SENTENCES,
        event_words=words.event_words,
        talk=talk,
        again=again,
        answer=reply,
        has_answered=any(each.answer for each in followed.waiting),
        has_accepted=followed.has_accepted or any(e.answer == "yes" for e in followed.waiting),
        refused=form,
        has_added=has_added,
        code=code,
    )


def _page(name: str, status: int, **values: Any) -> tuple[str, int]:
    page = render_template(
        f"whistleblowing/{name}.html", form_has_errors=status >= 400, **_common(), **values
    )
    return page, status
