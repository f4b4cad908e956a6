"""What the register is narrowed to and sorted by; sent in the address."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from intranet.core.text import _, _l
from intranet.library.queries.register import RegisterFilter, Sort, Standing
from intranet.library.queries.types import TypeRow
from intranet.people.forms import PersonField
from intranet.people.queries.units import UnitRow, unit_choices
from intranet.web.forms import BaseForm, ChoiceField, PlainSelect

LONGEST = 200
STANDINGS: dict[Standing, Any] = {
    Standing.IN_FORCE: _l("Gjelder"),
    Standing.DRAFT: _l("Utkast"),
    Standing.HEARING: _l("På høring"),
    Standing.APPROVAL: _l("Til godkjenning"),
    Standing.SCHEDULED: _l("Godkjent, gjelder senere"),
    Standing.WITHDRAWN: _l("Trukket tilbake"),
}
SORTS: dict[Sort, Any] = {
    Sort.NUMBER: _l("Nummer"),
    Sort.TITLE: _l("Tittel"),
    Sort.VALID_FROM: _l("Gjelder fra"),
    Sort.REVIEW: _l("Ses over innen"),
    Sort.OWNER: _l("Eier"),
    Sort.UNIT: _l("Enhet"),
}


class RegisterFilterForm(BaseForm):
    """What the register is narrowed to."""

    class Meta(BaseForm.Meta):
        """Nothing is changed, so the address carries no token."""

        csrf = False

    q = StringField(_l("Ord i tittel eller nummer"))
    type = SelectField(_l("Type"), widget=PlainSelect(), validate_choice=False)
    enhet = ChoiceField(_l("Eid av enheten eller en under den"), validate_choice=False)
    status = SelectField(_l("Status"), widget=PlainSelect(), validate_choice=False)
    eier = StringField(_l("Navn på eieren"))
    sorter = SelectField(_l("Sortert etter"), widget=PlainSelect(), validate_choice=False)
    frist = BooleanField(_l("Bare det som ikke er sett over i tide"))
    uten = BooleanField(_l("Bare det som er uten eier"))


class GiveOwnerForm(BaseForm):
    """Who is to own the ticked documents, and which unit."""

    owner = PersonField(
        _l("Ny eier"),
        validators=[DataRequired(_l("Skriv hvem som skal eie dokumentene.")), Length(max=LONGEST)],
        description=_l("Navn eller brukernavn."),
    )
    unit = ChoiceField(
        _l("Enhet"),
        description=_l("Må velges når den gamle enheten er lagt ned."),
    )


def offer_owner_units(form: GiveOwnerForm, units: list[UnitRow]) -> None:
    """Fill in the units that may own the documents; none chosen keeps each document's own."""
    form.unit.choices = [("", _("Som før")), *unit_choices(units)]


def offer_register_filters(
    form: RegisterFilterForm, kinds: list[TypeRow], units: list[UnitRow]
) -> None:
    """Fill in what the register can be narrowed to and sorted by."""
    form.type.choices = [("", _("Alle typer")), *((kind.prefix, kind.name) for kind in kinds)]
    form.enhet.choices = [("", _("Alle enheter")), *unit_choices(units)]
    form.status.choices = [("", _("Alle")), *((str(each), STANDINGS[each]) for each in Standing)]
    form.sorter.choices = [
        (sign + each, _("%(name)s, synkende", name=SORTS[each]) if sign else SORTS[each])
        for each in Sort
        for sign in ("", "-")
    ]


def wanted_of(form: RegisterFilterForm) -> RegisterFilter:
    """Return what was asked for; what no page of ours writes counts as blank."""
    sort = form.sorter.data or ""
    prefix = form.type.data or ""
    return RegisterFilter(
        text=_typed(form.q.data),
        prefix=prefix if prefix.isalpha() else "",
        unit_id=None if form.enhet.errors else form.enhet.data,
        standing=_one_of(Standing, form.status.data),
        owner=_typed(form.eier.data),
        is_overdue=bool(form.frist.data),
        is_unowned=bool(form.uten.data),
        sort=_one_of(Sort, sort.removeprefix("-")) or Sort.NUMBER,
        is_descending=sort.startswith("-"),
    )


def _typed(text: str | None) -> str:
    return (text or "").replace("\0", "")[:LONGEST]


def _one_of(kind: Any, text: str | None) -> Any:
    return next((each for each in kind if each == text), None)
