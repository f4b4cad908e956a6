"""Asking with the code of an anonymous report that the case is handled as whistleblowing.

No view here knows who asks.
"""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from wtforms.fields.choices import SelectChoice

from intranet.anonymous.actions.forget import forget_order
from intranet.anonymous.code_pages import OPENINGS, STATUS, check_sending
from intranet.core.errors import InvalidInput, NotFound, NotPossibleNow
from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.deviations.headline import headline
from intranet.web.access import public
from intranet.web.forms import add_to_form
from intranet.whistleblowing import forms
from intranet.whistleblowing.actions import ask
from intranet.whistleblowing.queries.asking import Asking, get_asking
from intranet.whistleblowing.queries.cases import list_recipients
from intranet.whistleblowing.views.public import blueprint


@blueprint.post("/varsling/folg/flytt")
@public
def ask_to_move() -> Any:
    """Say what follows and ask why; then keep the wish until the next delivery."""
    code = request.form.get("code", "")
    try:
        check_sending(OPENINGS)
        asking = get_asking(code)
    except (NotFound, NotPossibleNow) as error:
        return _render_open(error)
    is_sent = request.form.get("step") == "send"
    form = _form(code, request.form if is_sent else None)
    if not is_sent:
        return _render(asking, form, 200)
    if not form.validate():
        return _render(asking, form, 422)
    try:
        check_sending()
        with transaction():
            asking = get_asking(code)
            without = form.without_ids.data if "without_ids" in form else ()
            key = form.ensure_key()
            ask.ask_to_move(asking, key, form.reason.data or "", without_ids=without or ())
    except NotFound as error:
        return _render_open(error)
    except (InvalidInput, NotPossibleNow) as error:
        add_to_form(form, error)
        return _render(get_asking(code), form, STATUS[type(error)])
    forget_order()
    return _render(get_asking(code), form, 200)


def _form(code: str, formdata: Any) -> Any:
    form = forms.AskToMoveForm(formdata=formdata)
    form.code.data = code
    form.ensure_key()
    form.without_ids.choices = [SelectChoice(each, name) for each, name in list_recipients()]
    if not form.without_ids.choices:
        del form.without_ids
    return form


def _render(asking: Asking, form: Any, status: int) -> tuple[str, int]:
    page = render_template(
        "whistleblowing/ask_to_move.html",
        form=form,
        title=headline(asking.case.deviation.what),
        has_asked=asking.has_asked,
        recipients=[name for _id, name in list_recipients()],
        mode=get_settings().anonymous_delivery,
        form_has_errors=status >= 400,
    )
    return page, status


def _render_open(error: NotFound | NotPossibleNow) -> tuple[str, int]:
    """Ask for the code where the case can be followed."""
    form = forms.OpenForm(formdata=None)
    form.form_errors.append(str(error.message))
    page = render_template(
        "whistleblowing/open.html",
        form=form,
        form_has_errors=True,
        mode=get_settings().anonymous_delivery,
    )
    return page, STATUS[type(error)]
