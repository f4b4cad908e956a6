"""The forms of anonymous reports. Without token: the pages ask where a sending comes from."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from intranet.core.text import _, _l
from intranet.core.traceless_files import CLEANABLE
from intranet.deviations.forms import SHORT, CheckboxesField
from intranet.deviations.privacy_guard import find_identity_numbers, find_phones
from intranet.deviations.report_forms import ReportDeviationForm
from intranet.web.forms import BaseForm, ChoiceField

_ACCEPT = ",".join(f".{kind}" for kind in sorted(CLEANABLE))
_TOO_LONG = _l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")
_CODE_LENGTH = 200


class WithoutToken(BaseForm.Meta):
    """Of forms on pages without a session."""

    csrf = False


def _code_field(label: Any, missing: Any, **more: Any) -> StringField:
    return StringField(
        label,
        validators=[DataRequired(missing), Length(max=_CODE_LENGTH, message=_TOO_LONG)],
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        },
        **more,
    )


def files_field() -> MultipleFileField:
    """Files whose traces can be removed."""
    return MultipleFileField(
        _l("Bilder eller PDF"),
        description=_l(
            "Vi fjerner sted, tid, navn og alt annet som ikke synes. "
            "Det som synes på bildet, kan fortsatt avsløre deg."
        ),
        render_kw={"accept": _ACCEPT},
    )


class TypeCodeForm(BaseForm):
    """The code typed once more, before anything can be sent."""

    Meta = WithoutToken
    code = HiddenField()
    seal = HiddenField()
    typed = _code_field(
        _l("Skriv koden her"),
        _l("Skriv koden du har notert."),
        description=_l("Mellomrom og store bokstaver spiller ingen rolle."),
    )


class AnonymousReportForm(ReportDeviationForm):
    """What known reporters are asked, without what would tell who writes."""

    Meta = WithoutToken
    send_key = None
    clock = None
    procedure_number = None
    law_reference = None
    concerned_person = None
    # Whose name it may be is asked of the directory, and this page asks for no person.
    privacy_reason = None

    code = HiddenField()
    seal = HiddenField()
    unit_id = ChoiceField(
        _l("Hvor skjedde det?"),
        validators=[DataRequired(_l("Velg hvor det skjedde."))],
        description=_l("Er dere få på stedet, kan du velge en større enhet."),
    )
    day = DateField(
        _l("Hvilken dag skjedde det?"),
        validators=[DataRequired(_l("Skriv datoen det skjedde."))],
        description=_l("Vi spør ikke om klokkeslettet."),
    )
    files = files_field()
    concerns = CheckboxesField(
        _l("Gjelder det en leder?"),
        description=_l("Den det gjelder får ikke se meldingen. Den går til neste leder."),
        choices=[
            SelectChoice("place", _l("Lederen der det skjedde")),
            SelectChoice("above", _l("Lederen over der igjen")),
            SelectChoice("chief", _l("Øverste leder i kommunen")),
        ],
        validators=[Optional()],
    )
    # Shown only when a number was found: who leaves their own is known by it.
    keeps_phone = BooleanField(_l("Nummeret skal stå. Det leder ikke til meg."))
    has_phone = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Hold back a telephone number until the reporter says that it is to stay."""
        is_right = bool(super().validate(extra_validators))
        for field in (self.what, self.immediate_action):
            text = field.data or ""
            phones = find_phones(text, find_identity_numbers(text))
            self.has_phone = self.has_phone or bool(phones)
            if phones and not self.keeps_phone.data:
                number = text[phones[0].start : phones[0].end]
                told = _("Fjern telefonnummeret %(number)s, eller kryss av nederst.", number=number)
                field.errors = [*field.errors, told]
                is_right = False
        return is_right


class OpenForm(BaseForm):
    """The code that opens a report."""

    Meta = WithoutToken
    code = _code_field(_l("Koden din"), _l("Skriv koden du fikk da du meldte."))


class AddForm(BaseForm):
    """What the reporter adds; carries the code, and a key against two presses."""

    Meta = WithoutToken
    code = HiddenField()
    key = HiddenField()
    text = TextAreaField(
        _l("Skriv til den som behandler saken"),
        validators=[Length(max=SHORT, message=_TOO_LONG)],
        render_kw={"rows": 4},
    )
    files = files_field()

    def ensure_key(self) -> str:
        """Return the key that the page carries; made anew when missing or malformed."""
        try:
            self.key.data = str(uuid.UUID(str(self.key.data)))
        except ValueError:
            self.key.data = str(uuid.uuid4())
        return str(self.key.data)


class NotSolvedForm(BaseForm):
    """Why it is not solved."""

    Meta = WithoutToken
    code = HiddenField()
    key = HiddenField()
    text = TextAreaField(
        _l("Hva er ikke løst?"),
        validators=[
            DataRequired(_l("Skriv hva som ikke er løst.")),
            Length(max=SHORT, message=_TOO_LONG),
        ],
        render_kw={"rows": 3},
    )

    ensure_key = AddForm.ensure_key
