"""The shape of what people type in the library; the rules are in `contents.py` and the actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from intranet.core.text import _, _l
from intranet.library.contents import (
    BODY_LENGTH,
    KEYWORDS_LENGTH,
    NOTE_LENGTH,
    TITLE_LENGTH,
    DraftContents,
)
from intranet.library.law_watch import REASON_LENGTH, LawAnswer
from intranet.library.queries.types import TypeRow
from intranet.library.review import ReviewFinding
from intranet.people.queries.units import UnitRow, unit_choices
from intranet.web.forms import BaseForm, ChoiceField, PlainSelect, VersionedForm


class DraftFields:
    """The text of a draft."""

    title = StringField(
        _l("Tittel"),
        validators=[
            DataRequired(_l("Skriv en tittel.")),
            Length(max=TITLE_LENGTH, message=_l("Tittelen kan ha høyst 200 tegn.")),
        ],
        description=_l("Si hva dokumentet hjelper leseren med. Ikke skriv nummeret."),
    )
    body = TextAreaField(
        _l("Tekst"),
        validators=[Length(max=BODY_LENGTH, message=_l("Teksten er for lang. Del den opp."))],
        description=_l("Skriv korte avsnitt med overskrifter. Tom linje gir nytt avsnitt."),
        render_kw={"rows": 22},
    )
    keywords = StringField(
        _l("Stikkord"),
        validators=[
            Length(max=KEYWORDS_LENGTH, message=_l("Stikkordene kan ha høyst 500 tegn til sammen."))
        ],
        description=_l("Andre ord som folk søker etter, med komma mellom."),
    )
    valid_for = SelectMultipleField(
        _l("Hvor gjelder det?"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Velg ingen hvis det gjelder i hele kommunen."),
    )
    change_note = StringField(
        _l("Hva er endret?"),
        validators=[Length(max=NOTE_LENGTH, message=_l("Beskrivelsen kan ha høyst 500 tegn."))],
        description=_l("Må være med før du sender til godkjenning. Leserne ser det i historikken."),
    )
    is_significant = BooleanField(
        _l("Endringen er vesentlig"),
        description=_l("Noe skal gjøres på en annen måte enn før."),
        default=True,
    )


class WriteDocumentForm(BaseForm, DraftFields):
    """A new document."""

    kind = SelectField(_l("Type"), validators=[InputRequired(_l("Velg en type."))])
    unit = ChoiceField(_l("Enheten som eier det"), validators=[InputRequired(_l("Velg en enhet."))])


class WriteSupplementForm(BaseForm):
    """Which unit adds something to a document, and what that is called."""

    unit = ChoiceField(
        _l("Enhet"),
        validators=[InputRequired(_l("Velg en enhet."))],
        description=_l("Tillegget gjelder der og i alle enheter under."),
    )
    title = StringField(
        _l("Tittel"),
        validators=[
            DataRequired(_l("Skriv en tittel.")),
            Length(max=TITLE_LENGTH, message=_l("Tittelen kan ha høyst 200 tegn.")),
        ],
    )


class EditDocumentForm(VersionedForm, DraftFields):
    """A draft that exists; carries the version that was shown."""


class AttachFileForm(BaseForm):
    """One file for a draft."""

    file = FileField(_l("Fil"))


class VersionForm(VersionedForm):
    """A press of a button on the version that was shown."""


class ApproveRevisionForm(VersionedForm):
    """From which day the approved revision applies; blank means at once."""

    valid_from = DateField(
        _l("Gjelder fra"),
        validators=[Optional()],
        description=_l("La feltet stå tomt hvis den skal gjelde med en gang."),
    )


class CallBackForm(VersionedForm):
    """Why an approved revision is not to apply after all."""

    reason = TextAreaField(
        _l("Hvorfor kalles den tilbake?"),
        validators=[
            DataRequired(_l("Skriv hvorfor versjonen kalles tilbake.")),
            Length(max=1000, message=_l("Teksten kan ha høyst 1000 tegn.")),
        ],
    )


class ReturnRevisionForm(VersionedForm):
    """The reason why a revision is not approved."""

    reason = TextAreaField(
        _l("Hva må endres?"),
        validators=[
            DataRequired(_l("Skriv hva som må endres før du kan godkjenne.")),
            Length(max=1000, message=_l("Teksten kan ha høyst 1000 tegn.")),
        ],
    )


class WithdrawDocumentForm(BaseForm):
    """Why a document no longer applies, and what does instead."""

    reason = TextAreaField(
        _l("Hvorfor trekkes det tilbake?"),
        validators=[
            DataRequired(_l("Skriv hvorfor dokumentet trekkes tilbake.")),
            Length(max=1000, message=_l("Teksten kan ha høyst 1000 tegn.")),
        ],
    )
    successor = StringField(
        _l("Erstattes av"),
        validators=[Length(max=12, message=_l("Skriv et nummer, for eksempel PRO-12."))],
        description=_l("Nummeret på dokumentet som gjelder i stedet, for eksempel PRO-12."),
    )


class AnswerReviewForm(BaseForm):
    """What was found when the document was looked at; each button is a finding."""

    finding = SelectField(
        choices=[SelectChoice(str(each)) for each in ReviewFinding],
        default=str(ReviewFinding.RIGHT),
    )
    note = StringField(
        _l("Merknad"),
        validators=[Length(max=NOTE_LENGTH, message=_l("Merknaden kan ha høyst 500 tegn."))],
    )


class AnswerLawReviewForm(BaseForm):
    """What a change of the law means for the document."""

    answer = RadioField(
        _l("Hva betyr endringen for dokumentet?"),
        choices=[
            SelectChoice(
                LawAnswer.NO_CONSEQUENCE,
                _l("Ingenting"),
                {"data-hint": _l("Dokumentet er fortsatt riktig.")},
            ),
            SelectChoice(
                LawAnswer.REVISE,
                _l("Det må endres"),
                {"data-hint": _l("Du begynner på en ny versjon.")},
            ),
            SelectChoice(
                LawAnswer.WITHDRAW,
                _l("Det skal ikke gjelde lenger"),
                {"data-hint": _l("Det trekkes tilbake, av deg eller en som kan godkjenne.")},
            ),
        ],
        validators=[InputRequired(_l("Velg et svar."))],
    )
    reason = TextAreaField(
        _l("Hvorfor?"),
        validators=[
            Length(max=REASON_LENGTH, message=_l("Teksten kan ha høyst 1000 tegn.")),
        ],
        description=_l(
            "Svaret blir liggende som dokumentasjon på at endringen er vurdert. "
            "Når du begynner på en ny versjon, kan du la feltet stå tomt."
        ),
    )


class ListFilterForm(BaseForm):
    """What the list is narrowed to; sent in the address."""

    class Meta(BaseForm.Meta):
        """Nothing is changed, so the address carries no token."""

        csrf = False

    q = StringField(_l("Ord i tittel eller stikkord"))
    type = SelectField(_l("Type"), widget=PlainSelect(), validate_choice=False)
    enhet = ChoiceField(_l("Gjelder i"), validate_choice=False)


class CompareRevisionsForm(BaseForm):
    """Which two versions are compared; sent in the address."""

    class Meta(BaseForm.Meta):
        """Nothing is changed, so the address carries no token."""

        csrf = False

    fra = SelectField(_l("Fra"), coerce=int, validate_choice=False)
    til = SelectField(_l("Til"), coerce=int, validate_choice=False)


DraftForm = WriteDocumentForm | EditDocumentForm


def offer_choices(form: DraftForm, units: list[UnitRow]) -> None:
    """Fill in the units that a document may apply in: sectors and units, not the whole."""
    form.valid_for.choices = [
        (unit.id, "\N{NO-BREAK SPACE}" * 3 * (unit.depth - 1) + unit.name)
        for unit in units
        if unit.depth > 0
    ]


def offer_kinds(form: WriteDocumentForm, kinds: list[TypeRow], units: list[UnitRow]) -> None:
    """Fill in the kinds of document and the units that the writer may write for."""
    form.kind.choices = [(kind.prefix, f"{kind.name} ({kind.prefix})") for kind in kinds]
    form.unit.choices = unit_choices(units)


def offer_filters(form: ListFilterForm, kinds: list[TypeRow], units: list[UnitRow]) -> None:
    """Fill in what the list can be narrowed to."""
    form.type.choices = [("", _("Alle typer")), *((kind.prefix, kind.name) for kind in kinds)]
    form.enhet.choices = [("", _("Alle enheter")), *unit_choices(units)]


def offer_revisions(form: CompareRevisionsForm, rows: Sequence[Any]) -> None:
    """Fill in the versions that the reader may read, newest first."""
    choices = [
        (row.number, _("Versjon %(number)s", number=row.number)
         + (f" ({row.valid_from:%d.%m.%Y})" if row.valid_from else ""))
        for row in rows
    ]  # fmt: skip
    form.fra.choices, form.til.choices = choices, choices


def contents_of(form: DraftForm) -> DraftContents:
    """Return what was typed as the draft's contents."""
    return DraftContents(
        title=form.title.data or "",
        body=form.body.data or "",
        keywords=form.keywords.data or "",
        change_note=form.change_note.data or "",
        is_significant=bool(form.is_significant.data),
        valid_for=tuple(form.valid_for.data or ()),
    )


def values_of(revision: Any) -> dict[str, Any]:
    """Return a revision's columns as the form shows them."""
    names = ("version", "title", "body", "keywords", "change_note", "is_significant", "valid_for")
    return {name: getattr(revision, name) for name in names}
