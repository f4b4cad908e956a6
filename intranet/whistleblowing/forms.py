"""The forms of whistleblowing: shapes and limits of what is typed; decide nothing."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from intranet.anonymous.forms import AddForm, OpenForm, TypeCodeForm, WithoutToken, files_field
from intranet.core.text import _l
from intranet.deviations.forms import LONG, SHORT, CheckboxesField
from intranet.web.forms import BaseForm, ChoiceField, SendOnceForm, VersionedForm
from intranet.whistleblowing.words import CATEGORIES

__all__ = ["OpenForm", "TypeCodeForm"]

_TOO_LONG = _l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")


def _text(label: Any, missing: Any, *, longest: int = SHORT, **kwargs: Any) -> TextAreaField:
    return TextAreaField(
        label, validators=[DataRequired(missing), Length(max=longest, message=_TOO_LONG)], **kwargs
    )


def _optional_text(label: Any, *, longest: int = SHORT, **kwargs: Any) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=longest, message=_TOO_LONG)], **kwargs)


class NoticeForm(BaseForm):
    """A whistleblower's notice. One field must be filled in, and none asks who it is."""

    Meta = WithoutToken
    code = HiddenField()
    seal = HiddenField()
    what = _text(
        _l("Hva vil du varsle om?"), _l("Skriv hva det gjelder."), longest=LONG,
        description=_l("Hva skjedde, hvordan vet du det, og finnes det andre som har sett det?"),
        render_kw={"rows": 8},
    )  # fmt: skip
    happened = StringField(
        _l("Når skjedde det?"),
        description=_l("For eksempel «i vår» eller «hver fredag»."),
        validators=[Length(max=200, message=_TOO_LONG)],
    )
    unit_id = ChoiceField(_l("Hvor skjedde det?"), validators=[Optional()])
    categories = CheckboxesField(
        _l("Hva handler det om?"),
        choices=[SelectChoice(each, words) for each, words in CATEGORIES.items()],
        validators=[Optional()],
    )
    concerns = _optional_text(
        _l("Hvem gjelder det?"), longest=1000,
        description=_l(
            "Navn eller stilling. Mottakerne sørger for at de du nevner, ikke får se det."
        ),
        render_kw={"rows": 2},
    )  # fmt: skip
    leaders = CheckboxesField(
        _l("Gjelder det en leder?"),
        description=_l("Den det gjelder, kan aldri slippes inn i saken, heller ikke en vikar."),
        choices=[
            SelectChoice("place", _l("Lederen der det skjedde")),
            SelectChoice("above", _l("Lederen over der igjen")),
            SelectChoice("chief", _l("Øverste leder i kommunen")),
        ],
        validators=[Optional()],
    )
    without_ids = CheckboxesField(
        _l("Er det noen av mottakerne som ikke skal se varselet?"),
        description=_l("Kryss av hvis det gjelder en av dem, eller noen de står nær."),
        coerce=int,
        validators=[Optional()],
    )
    contact = _optional_text(
        _l("Navn og hvordan vi kan nå deg"), longest=500,
        description=_l("Du kan la dette stå tomt. Da har dere bare koden til å snakke sammen med."),
        render_kw={"rows": 2, "autocomplete": "off"},
    )  # fmt: skip
    files = files_field()


class MoreForm(AddForm):
    """What the whistleblower adds."""

    text = _optional_text(_l("Skriv til dem som behandler varselet"), render_kw={"rows": 4})


class RetaliationForm(BaseForm):
    """That somebody answered the notice with retaliation."""

    Meta = WithoutToken
    code = HiddenField()
    key = HiddenField()
    text = _text(_l("Hva har skjedd etter at du varslet?"), _l("Skriv hva som har skjedd."))

    ensure_key = AddForm.ensure_key


class StepForm(VersionedForm):
    """A step without words."""


class AssessForm(VersionedForm):
    """Whether it is whistleblowing, and why."""

    is_whistleblowing = RadioField(
        _l("Er dette varsling?"),
        choices=[
            SelectChoice("yes", _l("Ja, det er varsling")),
            SelectChoice("no", _l("Nei, det hører hjemme et annet sted")),
        ],
        validators=[InputRequired(_l("Velg ett av svarene."))],
    )
    explanation = _text(
        _l("Forklaring til den som varslet"),
        _l("Skriv en forklaring til den som varslet."),
        description=_l("Er det ikke varsling: skriv hvor det hører hjemme, og hvordan."),
    )


class PersonForm(VersionedForm):
    """Whom it concerns."""

    person = StringField(
        _l("Navn eller brukernavn"),
        validators=[DataRequired(_l("Skriv hvem.")), Length(max=200, message=_TOO_LONG)],
        render_kw={"autocomplete": "off"},
    )


class LetInForm(PersonForm):
    """Whom to let in, and why."""

    reason = _text(_l("Hvorfor?"), _l("Skriv hvorfor."), longest=1000, render_kw={"rows": 2})


class CloseForm(VersionedForm):
    """The conclusion."""

    conclusion = _text(
        _l("Konklusjon til den som varslet"),
        _l("Skriv konklusjonen til den som varslet."),
        description=_l("Skriv hva dere har undersøkt, hva dere fant, og hva som skjer nå."),
    )


class TalkForm(SendOnceForm):
    """To the whistleblower, or an internal note."""

    text = _text(_l("Melding"), _l("Skriv en melding."), render_kw={"rows": 3})
    is_internal = BooleanField(_l("Internt notat: den som varslet ser det ikke"))


class CheckForm(BaseForm):
    """What came of asking for retaliation."""

    note = _text(_l("Hva fant dere ut?"), _l("Skriv hva dere fant ut."), render_kw={"rows": 2})


class ClockForm(BaseForm):
    """Whether what the law asks for is done."""

    outcome = RadioField(
        _l("Er det gjort?"),
        choices=[
            SelectChoice("done", _l("Ja, det er gjort")),
            SelectChoice("not", _l("Nei, kravet gjelder ikke her")),
        ],
        validators=[InputRequired(_l("Velg ett av svarene."))],
    )
    note = _text(
        _l("Hva er gjort, eller hvorfor gjelder det ikke?"),
        _l("Skriv hva dere har gjort, eller hvorfor det ikke gjelder."),
        render_kw={"rows": 2},
    )  # fmt: skip


class _MoveQuestions:
    """What is asked of whoever says that a deviation is whistleblowing, with a name or a code."""

    reason = _text(
        _l("Hvorfor er dette varsling?"), _l("Skriv hvorfor dette er varsling."), longest=1000,
        description=_l("Bare de som mottar varsler, leser det du skriver her."),
        render_kw={"rows": 3},
    )  # fmt: skip
    without_ids = CheckboxesField(
        _l("Er det noen av mottakerne som ikke skal se saken?"),
        description=_l("Kryss av hvis det gjelder en av dem, eller noen de står nær."),
        coerce=int,
        validators=[Optional()],
    )


class MoveForm(_MoveQuestions, VersionedForm):
    """Why a deviation is whistleblowing, and who of the recipients shall not see it."""


class AskToMoveForm(_MoveQuestions, BaseForm):
    """Why a deviation is whistleblowing, of somebody with a code."""

    Meta = WithoutToken
    code = HiddenField()
    key = HiddenField()

    ensure_key = AddForm.ensure_key


class OwnMessageForm(SendOnceForm):
    """What the one who reported by name writes to those who handle the case."""

    text = _text(
        _l("Skriv til dem som behandler varselet"), _l("Skriv en melding."), render_kw={"rows": 4}
    )


class OwnRetaliationForm(SendOnceForm):
    """That somebody who reported by name met retaliation."""

    text = _text(_l("Hva har skjedd etter at du varslet?"), _l("Skriv hva som har skjedd."))


class OfferForm(VersionedForm):
    """What would be sent on as a deviation."""

    text = _text(
        _l("Teksten som sendes videre"), _l("Skriv teksten som skal sendes videre."), longest=LONG,
        description=_l(
            "Lederne leser hvert ord. Ta bort alt som kan vise hvem som varslet."
        ),
        render_kw={"rows": 5},
    )  # fmt: skip
    unit_id = ChoiceField(
        _l("Hvor skjedde det?"), validators=[DataRequired(_l("Velg hvor det skjedde."))]
    )
    happened_on = DateField(
        _l("Hvilken dag skjedde det?"), validators=[DataRequired(_l("Skriv datoen det skjedde."))]
    )


class AnswerForm(BaseForm):
    """Yes or no to sending on, of somebody with a code."""

    Meta = WithoutToken
    code = HiddenField()
    key = HiddenField()
    answer = RadioField(
        _l("Kan vi sende dette videre?"),
        choices=[
            SelectChoice("yes", _l("Ja, send det videre uten navn")),
            SelectChoice("no", _l("Nei, ikke send det")),
        ],
        validators=[InputRequired(_l("Velg ett av svarene."))],
    )

    ensure_key = AddForm.ensure_key


class OwnAnswerForm(BaseForm):
    """Yes or no to sending on, of somebody who reported by name."""

    answer = RadioField(
        _l("Kan vi sende dette videre?"),
        choices=[
            SelectChoice("yes", _l("Ja, send det videre uten navn")),
            SelectChoice("no", _l("Nei, ikke send det")),
        ],
        validators=[InputRequired(_l("Velg ett av svarene."))],
    )
