"""One form of settings: shown, saved, or refused with what another has stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template
from wtforms import BooleanField
from wtforms.fields.choices import SelectFieldBase

from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.transaction import transaction
from intranet.deviations.queries import setting_pages as queries
from intranet.deviations.queries.settings import forget_categories
from intranet.web.access import current_viewer
from intranet.web.forms import add_to_form

Values = dict[str, Any]
Difference = tuple[str, str, str]
_NOT_VALUES = frozenset({"csrf_token", "version"})


def edit_setting(
    make: Callable[..., Any],
    save: Callable[[Values, int | None, Viewer], str],
    title: str,
    crumb: tuple[str, str],
    table: type[Any] | None = None,
    key: int = 0,
) -> Any:
    """Show the form, or save it and go where `save` says; refused, everything typed stands.

    `make` builds the form of a row, None for a new one.
    """
    form = make(queries.get_setting(table, key) if table else None)
    if not form.is_submitted():
        # What is new has no version; a hidden field must hold a number all the same.
        form.version.data = form.version.data or 0
        return _page(form, title, crumb, 200)
    if not form.validate():
        return _page(form, title, crumb, 422)
    values = {name: field.data for name, field in form._fields.items() if name not in _NOT_VALUES}
    # A sending without a version would carry the row's own, and so hold nothing back.
    version = form.version.data if form.version.raw_data else None
    try:
        with transaction():
            address = save(values, version, current_viewer())
    except InvalidInput as error:
        add_to_form(form, error)
        return _page(form, title, crumb, 422)
    except SomeoneElseWasFirst as error:
        add_to_form(form, error)
        if table is None:
            return _page(form, title, crumb, 409)
        stands = make(queries.get_setting(table, key), formdata=None)
        # The page shows what stands, so that the next sending is a choice and not an accident.
        form.version.data = stands.version.data
        form.version.raw_data = None
        return _page(form, title, crumb, 409, _differences(form, stands))
    forget_categories()
    flash(_("Lagret. Endringen gjelder for nye avvik og nye vurderinger."), "success")
    return redirect(address)


def _page(
    form: Any,
    title: str,
    crumb: tuple[str, str],
    status: int,
    others: list[Difference] | None = None,
) -> tuple[str, int]:
    page = render_template(
        "deviations/edit_setting.html",
        form=form,
        title=title,
        crumb=crumb,
        others=others,
        form_has_errors=status >= 400,
    )
    return page, status


def _differences(form: Any, stands: Any) -> list[Difference]:
    """Return (label, what is stored, what was typed) of each field in which they differ."""
    return [
        (str(field.label.text), _shown(stands._fields[name]), _shown(field))
        for name, field in form._fields.items()
        if name not in _NOT_VALUES and field.data != stands._fields[name].data
    ]


def _shown(field: Any) -> str:
    if isinstance(field, BooleanField):
        return _("Ja") if field.data else _("Nei")
    if isinstance(field, SelectFieldBase):
        return next((str(choice.label) for choice in field.iter_choices() if choice.selected), "–")
    return str(field.data)
