"""The shape of what a leader or HR types; the rules between the parts are in `contents.py`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from intranet.core.clock import OSLO
from intranet.core.text import _, _l
from intranet.people.queries.units import UnitRow
from intranet.vacancies.contents import (
    BODY_LENGTH,
    REQUIREMENTS_LENGTH,
    SHORT_LENGTH,
    TITLE_LENGTH,
    Terms,
    VacancyContents,
)
from intranet.vacancies.deadline import exists_in_norway
from intranet.vacancies.queries import find_contact
from intranet.web.forms import ChoiceField, SendOnceForm, VersionedForm

_TOO_LONG = _l("Teksten er for lang. Kort den ned.")


class CommaDecimalField(DecimalField):
    """A number in which people may write a comma, "37,5", or the sign behind, "80 %"."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number as it is written in Norway."""
        cleaned = [str(value).replace("%", "").replace(",", ".").strip() for value in valuelist]
        try:
            super().process_formdata(cleaned)
        except ValueError as error:
            raise ValueError(_("Skriv et tall, for eksempel 80 eller 37,5.")) from error


class VacancyFields:
    """The fields that writing and editing share."""

    title = StringField(
        _l("Stilling"),
        validators=[
            DataRequired(_l("Skriv hva stillingen heter.")),
            Length(max=TITLE_LENGTH, message=_TOO_LONG),
        ],
        description=_l("For eksempel «Sykepleier, natt»."),
    )
    unit = ChoiceField(_l("Enhet"), validators=[InputRequired(_l("Velg enheten."))])
    percentage = CommaDecimalField(
        _l("Stillingsprosent"),
        places=None,
        validators=[InputRequired(_l("Skriv stillingsprosenten."))],
        default=Decimal(100),
        description=_l("Heltid er hovedregelen (arbeidsmiljøloven § 14-1 b)."),
    )
    terms = RadioField(
        _l("Ansettelsesform"),
        choices=[
            SelectChoice(Terms.PERMANENT, _l("Fast")),
            SelectChoice(Terms.TEMPORARY, _l("Midlertidig")),
        ],
        default=Terms.PERMANENT,
        validators=[InputRequired(_l("Velg fast eller midlertidig."))],
    )
    duration = StringField(
        _l("Varighet"),
        validators=[Length(max=SHORT_LENGTH, message=_TOO_LONG)],
        description=_l("Bare for midlertidige: for eksempel «vikariat til 31. juli 2027»."),
    )
    workplace = StringField(
        _l("Arbeidssted"),
        validators=[
            DataRequired(_l("Skriv hvor arbeidsstedet er.")),
            Length(max=SHORT_LENGTH, message=_TOO_LONG),
        ],
    )
    salary = StringField(
        _l("Lønn"),
        validators=[Length(max=SHORT_LENGTH, message=_TOO_LONG)],
        description=_l("For eksempel «etter tariff, 520 000–590 000 kroner»."),
    )
    body = TextAreaField(
        _l("Om stillingen"),
        validators=[
            DataRequired(_l("Beskriv stillingen.")),
            Length(max=BODY_LENGTH, message=_TOO_LONG),
        ],
        description=_l("Oppgaver, arbeidstid og hvem du jobber sammen med."),
    )
    requirements = TextAreaField(
        _l("Krav"), validators=[Length(max=REQUIREMENTS_LENGTH, message=_TOO_LONG)]
    )
    contact = StringField(
        _l("Kontaktperson"),
        validators=[Length(max=SHORT_LENGTH, message=_TOO_LONG)],
        description=_l("Brukernavn, e-postadresse eller fullt navn."),
    )
    how_to_apply = StringField(
        _l("Slik søker du"),
        validators=[
            DataRequired(_l("Skriv hvordan man søker.")),
            Length(max=SHORT_LENGTH, message=_TOO_LONG),
        ],
        description=_l("En lenke, en e-postadresse eller en kort setning."),
    )
    deadline_day = DateField(
        _l("Søknadsfrist"), validators=[InputRequired(_l("Sett en søknadsfrist."))]
    )
    deadline_time = TimeField(
        _l("Klokkeslett"),
        validators=[InputRequired(_l("Sett et klokkeslett."))],
        format=["%H:%M", "%H:%M:%S", "%H.%M"],
    )
    is_public = BooleanField(
        _l("Lys ut eksternt også"), description=_l("Tas med i strømmen til kommunens nettsted.")
    )

    contact_id: int | None = None

    def validate_contact(self, field: StringField) -> None:
        """Find the person, or say that nobody is called so."""
        self.contact_id = find_contact(field.data) if field.data else None
        if field.data and self.contact_id is None:
            raise ValidationError(
                _("Vi finner ikke én ansatt med dette navnet. Skriv brukernavnet.")
            )

    def validate_deadline_time(self, field: TimeField) -> None:
        """Refuse the hour that the change to summer time skips."""
        day = cast(Any, self).deadline_day.data
        if day and field.data and not exists_in_norway(datetime.combine(day, field.data)):
            raise ValidationError(_("Dette klokkeslettet finnes ikke: da stilles klokka fram."))


class WriteVacancyForm(SendOnceForm, VacancyFields):
    """A new vacancy."""


class EditVacancyForm(VersionedForm, VacancyFields):
    """A vacancy that exists; carries the version that was shown."""


VacancyForm = WriteVacancyForm | EditVacancyForm


def offer_units(form: VacancyForm, units: list[UnitRow]) -> None:
    """Fill in the units whose vacancies the person may announce."""
    form.unit.choices = [SelectChoice(str(unit.id), unit.name) for unit in units]


def contents_of(form: VacancyForm) -> VacancyContents:
    """Return what was typed in a valid form as the vacancy's contents."""
    return VacancyContents(
        title=form.title.data or "",
        unit_id=int(form.unit.data or 0),
        percentage=form.percentage.data or Decimal(0),
        terms=Terms(form.terms.data),
        workplace=form.workplace.data or "",
        body=form.body.data or "",
        how_to_apply=form.how_to_apply.data or "",
        deadline_at=_deadline(form),
        duration=form.duration.data or "",
        salary=form.salary.data or "",
        requirements=form.requirements.data or "",
        contact_id=form.contact_id,
        is_public=bool(form.is_public.data),
    )


def form_values(vacancy: Any) -> dict[str, Any]:
    """Return a vacancy's columns as the form shows them."""
    deadline = vacancy.deadline_at.astimezone(OSLO)
    names = ("version", "title", "terms", "duration", "workplace", "salary", "body")
    return {
        **{name: getattr(vacancy, name) for name in names},
        "requirements": vacancy.requirements,
        "how_to_apply": vacancy.how_to_apply,
        "is_public": vacancy.is_public,
        "unit": vacancy.unit_id,
        "percentage": vacancy.percentage,
        "contact": vacancy.contact_username or "",
        "deadline_day": deadline.date(),
        "deadline_time": deadline.time(),
    }


def _deadline(form: VacancyForm) -> datetime | None:
    if form.deadline_day.data is None or form.deadline_time.data is None:
        return None
    local = datetime.combine(form.deadline_day.data, form.deadline_time.data, OSLO)
    return local.astimezone(UTC)
