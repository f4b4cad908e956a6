"""The shape of what is typed about delegations; how much may be passed on is decided elsewhere."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from intranet.core.text import _, _l
from intranet.delegations.amounts import AmountFault, parse_amount, write_amount
from intranet.delegations.models import DelegationKind
from intranet.people.forms import PersonField
from intranet.people.queries.units import UnitRow, unit_choices
from intranet.web.forms import BaseForm, ChoiceField, SendOnceForm, VersionedForm

NAME_LENGTH = 120
LINE_LENGTH = 200
TEXT_LENGTH = 2000
REASON_LENGTH = 1000
_TOO_LONG = _l("Teksten er for lang. Kort den ned.")
OFFICE, PERSON = "office", "person"
_FAULTS = {
    AmountFault.UNREADABLE: _l("Skriv beløpet i hele kroner, for eksempel 250 000."),
    AmountFault.NOT_POSITIVE: _l("Beløpet må være større enn null."),
    AmountFault.HAS_ORE: _l("Skriv hele kroner, uten øre."),
    AmountFault.TOO_LARGE: _l("Så store beløp kan ikke føres her. La feltet stå tomt."),
}


class AmountField(StringField):
    """Whole kroner as people write them; `amount` is the number, None when nothing is written."""

    amount: int | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Read the number once the text is known to be storable."""
        if validation_stopped:
            return
        found = parse_amount(self.data or "")
        if isinstance(found, AmountFault):
            raise ValidationError(_FAULTS[found])
        self.amount = found


class GiveFields:
    """The fields that registering and passing on share."""

    unit = ChoiceField(
        _l("Gjelder i"),
        validators=[InputRequired(_l("Velg enheten."))],
        description=_l("Enheten og alle enhetene under."),
    )
    receiver = RadioField(
        _l("Hvem får fullmakten?"),
        choices=[
            SelectChoice(
                OFFICE,
                _l("Den som leder en enhet"),
                {
                    "data-hint": _l(
                        "Følger stillingen når noen slutter. Stedfortreder kan bruke den."
                    )
                },
            ),
            SelectChoice(
                PERSON,
                _l("En bestemt person"),
                {"data-hint": _l("Faller bort når personen slutter.")},
            ),
        ],
        validators=[InputRequired(_l("Velg hvem som får fullmakten."))],
        default=OFFICE,
    )
    office = ChoiceField(_l("Leder av"), validators=[Optional()])
    person = PersonField(
        _l("Person"),
        description=_l("Skriv navnet eller brukernavnet til en ansatt."),
        validators=[Length(max=NAME_LENGTH, message=_l("Navnet er for langt."))],
    )
    amount = AmountField(
        _l("Beløp i kroner"),
        description=_l("For eksempel 250 000. Tomt betyr uten grense."),
        validators=[Length(max=40, message=_TOO_LONG)],
    )
    starts_on = DateField(_l("Første dag"), validators=[InputRequired(_l("Velg første dag."))])
    ends_on = DateField(
        _l("Siste dag"), validators=[Optional()], description=_l("Tomt betyr inntil videre.")
    )
    may_pass_on = BooleanField(_l("Kan gis videre"))
    law_reference = StringField(
        _l("Hjemmel"),
        description=_l("For eksempel «kommuneloven § 13-1 sjette ledd»."),
        validators=[Length(max=LINE_LENGTH, message=_TOO_LONG)],
    )
    conditions = TextAreaField(
        _l("Hva den gjelder, og vilkår"),
        validators=[Length(max=TEXT_LENGTH, message=_TOO_LONG)],
        description=_l("Med egne ord, for eksempel «to skal signere» eller «bare driftsutgifter»."),
    )


class RegisterDelegationForm(SendOnceForm, GiveFields):
    """What the council or a law has given."""

    kind = ChoiceField(_l("Type"), validators=[InputRequired(_l("Velg hva fullmakten gjelder."))])
    source = StringField(
        _l("Vedtatt av"),
        description=_l("For eksempel «Kommunestyret, sak 12/2026»."),
        validators=[
            DataRequired(_l("Skriv hvor fullmakten er vedtatt.")),
            Length(max=LINE_LENGTH, message=_TOO_LONG),
        ],
    )


class PassOnForm(SendOnceForm, GiveFields):
    """What a holder gives on to somebody else."""


GiveForm = RegisterDelegationForm | PassOnForm


class WithdrawDelegationForm(VersionedForm):
    """From when, and why."""

    first_day_off = DateField(
        _l("Gjelder ikke fra og med"), validators=[InputRequired(_l("Velg dagen."))]
    )
    reason = TextAreaField(
        _l("Hvorfor"),
        validators=[
            DataRequired(_l("Skriv hvorfor fullmakten trekkes tilbake.")),
            Length(max=REASON_LENGTH, message=_TOO_LONG),
        ],
    )


class KindFields:
    """What is said of a kind."""

    name = StringField(
        _l("Navn"),
        validators=[
            DataRequired(_l("Skriv hva typen heter.")),
            Length(max=80, message=_TOO_LONG),
        ],
        description=_l("Det den gir rett til, for eksempel «Anvise utgifter»."),
    )
    description = StringField(_l("Forklaring"), validators=[Length(max=300, message=_TOO_LONG)])
    has_amount = BooleanField(_l("Har beløpsgrense"))


class AddKindForm(BaseForm, KindFields):
    """A new kind of authority."""


class EditKindForm(VersionedForm, KindFields):
    """A kind that is there."""

    is_active = BooleanField(
        _l("I bruk"), description=_l("Uten hake kan ingen få nye. De som er gitt, gjelder.")
    )


class AddressForm(BaseForm):
    """What is asked for in the address."""

    class Meta(BaseForm.Meta):
        """Nothing is changed, so the address carries no token."""

        csrf = False


class ListFilterForm(AddressForm):
    """What the register is narrowed to."""

    person = StringField(_l("Navn"), validators=[Length(max=NAME_LENGTH, message=_TOO_LONG)])
    type = ChoiceField(_l("Type"), validate_choice=False)
    enhet = ChoiceField(_l("Enhet"), validate_choice=False)
    vis = SelectField(
        _l("Vis"),
        choices=[
            SelectChoice("", _l("De som gjelder på dagen")),
            SelectChoice("alle", _l("Alle, også de som er over")),
            SelectChoice("bortfalt", _l("Falt bort fordi noen sluttet")),
        ],
        validate_choice=False,
    )
    dag = DateField(_l("Dag"), validators=[Optional()])


class AskSignersForm(AddressForm):
    """What somebody wants to know who could have signed."""

    type = ChoiceField(_l("Type"), validators=[InputRequired(_l("Velg hva det gjelder."))])
    enhet = ChoiceField(_l("Enhet"), validators=[InputRequired(_l("Velg enheten."))])
    belop = AmountField(
        _l("Beløp i kroner, valgfritt"), validators=[Length(max=40, message=_TOO_LONG)]
    )
    dag = DateField(_l("Dag"), validators=[InputRequired(_l("Velg dagen."))])


def offer_kinds(field: Any, kinds: list[DelegationKind], blank: object) -> None:
    """Fill in the kinds."""
    field.choices = [SelectChoice("", blank), *(SelectChoice(k.id, k.name) for k in kinds)]


def offer_units(field: Any, units: list[UnitRow], blank: object) -> None:
    """Fill in the units in the order of the tree."""
    found = [SelectChoice(id_, name) for id_, name in unit_choices(units)]
    field.choices = [SelectChoice("", blank), *found]


def amount_text(amount: int | None) -> str:
    """Return an amount as it stands in a field from the beginning."""
    return "" if amount is None else write_amount(amount).replace("\u00a0", " ")


def receiver_fault(form: Any) -> bool:
    """Say at the right field that nobody was chosen; whether anything was said."""
    if form.receiver.data == OFFICE and form.office.data is None:
        form.office.errors = [*form.office.errors, _("Velg enheten som lederen får den for.")]
        return True
    if form.receiver.data == PERSON and not form.person.data:
        form.person.errors = [*form.person.errors, _("Skriv hvem som får fullmakten.")]
        return True
    return False
