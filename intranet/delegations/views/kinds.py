"""The pages where the administrator keeps the kinds of authority."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for

from intranet.core.errors import InvalidInput, SomeoneElseWasFirst
from intranet.core.transaction import transaction
from intranet.delegations.actions import kinds
from intranet.delegations.forms import AddKindForm, EditKindForm
from intranet.delegations.policy import can_keep_register
from intranet.delegations.queries import register
from intranet.delegations.views.blueprint import blueprint
from intranet.extensions import db
from intranet.web.access import current_viewer, requires
from intranet.web.forms import add_to_form


@blueprint.get("/fullmakter/typer")
@requires(can_keep_register)
def list_kinds() -> str:
    """Show what may be delegated."""
    return render_template("delegations/list_kinds.html", kinds=register.list_kinds())


@blueprint.route("/fullmakter/typer/ny", methods=["GET", "POST"])
@requires(can_keep_register)
def add_kind() -> Any:
    """Add a kind."""
    form = AddKindForm()
    if not form.is_submitted():
        return _render(form)
    if not form.validate():
        return _render(form, status=422)
    try:
        with transaction():
            kinds.add_kind(_contents(form, is_active=True), actor=current_viewer())
    except InvalidInput as error:
        db.session.rollback()
        add_to_form(form, error)
        return _render(form, status=422)
    return redirect(url_for("delegations.list_kinds"), 303)


@blueprint.route("/fullmakter/typer/<int:kind_id>", methods=["GET", "POST"])
@requires(can_keep_register)
def edit_kind(kind_id: int) -> Any:
    """Change a kind; whoever saves second sees what the first one saved."""
    kind = register.get_kind(kind_id)
    form = EditKindForm(obj=kind)
    if not form.is_submitted():
        return _render(form, kind)
    if not form.validate():
        return _render(form, kind, status=422)
    try:
        with transaction():
            kinds.edit_kind(
                register.get_kind(kind_id),
                _contents(form, is_active=bool(form.is_active.data)),
                version=form.version.data or 0,
                actor=current_viewer(),
            )
    except InvalidInput as error:
        db.session.rollback()
        add_to_form(form, error)
        return _render(form, register.get_kind(kind_id), status=422)
    except SomeoneElseWasFirst:
        theirs = register.get_kind(kind_id)
        form.version.data, form.version.raw_data = theirs.version, None
        return _render(form, theirs, theirs=theirs, status=409)
    return redirect(url_for("delegations.list_kinds"), 303)


def _contents(form: AddKindForm | EditKindForm, *, is_active: bool) -> kinds.KindContents:
    return kinds.KindContents(
        name=form.name.data or "",
        description=form.description.data or "",
        has_amount=bool(form.has_amount.data),
        is_active=is_active,
    )


def _render(
    form: AddKindForm | EditKindForm, kind: Any = None, *, theirs: Any = None, status: int = 200
) -> tuple[str, int]:
    page = render_template(
        "delegations/edit_kind.html",
        form=form,
        kind=kind,
        theirs=theirs,
        form_has_errors=status == 422,
    )
    return page, status
