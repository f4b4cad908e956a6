"""The forms of settings; shapes and limits of what is typed. Decide nothing."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from intranet.core.text import _l
from intranet.deviations.categories import ICONS
from intranet.deviations.proposals import list_meanings
from intranet.deviations.severity import Severity
from intranet.deviations.type_words import KINDS, meaning_words
from intranet.deviations.types import Kind
from intranet.deviations.words import ROLES, SEVERITIES
from intranet.web.forms import ChoiceField, VersionedForm

_TOO_LONG = _l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")
ICON_NAMES = {
    "PersonGroup": _l("Mennesker"),
    "HatSchool": _l("Skolehatt"),
    "HardHat": _l("Hjelm"),
    "ShieldLock": _l("Skjold med lås"),
    "Buildings3": _l("Bygg"),
    "House": _l("Hus"),
    "Calendar": _l("Kalender"),
    "FileText": _l("Ark"),
    "ExclamationmarkTriangle": _l("Varseltrekant"),
    "InformationSquare": _l("Informasjon"),
}
NO_SEVERITY = "none"


def _words(label: Any, longest: int) -> StringField:
    return StringField(
        label,
        validators=[
            DataRequired(_l("Skriv teksten på alle tre språk.")),
            Length(max=longest, message=_TOO_LONG),
        ],
    )


def _position() -> IntegerField:
    return IntegerField(
        _l("Plass i rekkefølgen"),
        default=10,
        validators=[
            InputRequired(_l("Skriv et helt tall fra 0 til 999.")),
            NumberRange(0, 999, _l("Skriv et helt tall fra 0 til 999.")),
        ],
        description=_l("Det laveste tallet kommer først."),
    )


def _proposes(label: Any, description: Any) -> SelectField:
    return SelectField(
        label,
        choices=[
            SelectChoice("", _l("Ingenting")),
            *(SelectChoice(str(meaning), meaning_words(meaning)) for meaning in list_meanings()),
        ],
        coerce=_text_or_none,
        default=None,
        description=description,
    )


def _text_or_none(value: Any) -> str | None:
    return None if value in (None, "", "None") else str(value)


class CategorySettingForm(VersionedForm):
    """Names, icon, place and use of a category."""

    name_nb = _words(_l("Navn på bokmål"), 80)
    name_nn = _words(_l("Navn på nynorsk"), 80)
    name_en = _words(_l("Navn på engelsk"), 80)
    icon = RadioField(
        _l("Ikon"),
        choices=[SelectChoice(icon, ICON_NAMES[icon], {"data-icon": icon}) for icon in ICONS],
        default=ICONS[0],
        validators=[InputRequired(_l("Velg et ikon."))],
    )
    proposes = _proposes(
        _l("Kan typen bety en hendelse som loven har frister for?"),
        _l("Den som behandler saken, blir spurt. Fristene gjelder først når svaret er ja."),
    )
    position = _position()
    is_active = BooleanField(
        _l("I bruk"),
        description=_l("De som melder, kan bare velge typer som er i bruk."),
    )


class QuestionForm(VersionedForm):
    """The words of a question and what a tick means."""

    text_nb = _words(_l("Spørsmål på bokmål"), 200)
    text_nn = _words(_l("Spørsmål på nynorsk"), 200)
    text_en = _words(_l("Spørsmål på engelsk"), 200)
    means = RadioField(
        _l("Hva betyr et kryss?"),
        choices=[
            *(
                SelectChoice(f"means.{severity.rank}", SEVERITIES[severity][0])
                for severity in list(Severity)[1:]
            ),
            *(
                SelectChoice(f"raises.{severity.rank}", words)
                for severity, words in (
                    (Severity.MEDIUM, _l("Ett trinn opp, høyst til middels alvorlig")),
                    (Severity.HIGH, _l("Ett trinn opp, høyst til alvorlig")),
                    (Severity.CRITICAL, _l("Ett trinn opp, høyst til kritisk")),
                )
            ),
        ],
        default="means.1",
        validators=[InputRequired(_l("Velg hva et kryss betyr."))],
        description=_l(
            "Avviket blir minst så alvorlig. Eller krysset løfter det de andre gir, ett trinn."
        ),
    )
    proposes = _proposes(
        _l("Betyr et kryss en hendelse som loven har frister for?"),
        _l(
            "Da regnes krysset som melderens forslag, og fristene løper med en gang. Velg det bare "
            "når krysset ikke kan bety noe annet."
        ),
    )
    position = _position()
    is_active = BooleanField(
        _l("I bruk"), default=True, description=_l("En type har tre eller fire spørsmål i bruk.")
    )


def _days(label: Any) -> IntegerField:
    return IntegerField(
        label,
        validators=[
            InputRequired(_l("Skriv et helt tall fra 1 til 250.")),
            NumberRange(1, 250, _l("Skriv et helt tall fra 1 til 250.")),
        ],
    )


class DeadlineForm(VersionedForm):
    """Working days of one severity."""

    acknowledge = _days(_l("Dager til å bekrefte mottatt"))
    decide = _days(_l("Dager til å bestemme hva som skal gjøres"))
    close = _days(_l("Dager til å svare og lukke når tiltakene er ferdige"))
    climb = _days(_l("Dager før avviket går ett nivå opp til"))


class CopyRuleForm(VersionedForm):
    """Which cases, and who is copied."""

    category = SelectField(_l("Type avvik"))
    least_rank = SelectField(
        _l("Fra og med alvorlighet"),
        coerce=int,
        choices=[SelectChoice(severity.rank, SEVERITIES[severity][0]) for severity in Severity],
    )
    role = SelectField(
        _l("Hvem får kopi?"),
        description=_l("De som har rollen der det skjedde, får lese saken."),
    )
    is_active = BooleanField(_l("I bruk"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The words stand in the middle of sentences elsewhere; here each begins a line.
        names = {role: str(name) for role, name in ROLES.items()}
        self.role.choices = [
            SelectChoice(role, name[:1].upper() + name[1:]) for role, name in names.items()
        ]


class FollowUpForm(VersionedForm):
    """What is proposed, for which kind of event, and how soon."""

    kind = SelectField(
        _l("Hva slags hendelse?"),
        choices=[SelectChoice(kind, KINDS[kind]) for kind in Kind if kind != Kind.ORDINARY],
        default=Kind.VIOLENCE,
    )
    text_nb = _words(_l("Forslag på bokmål"), 200)
    text_nn = _words(_l("Forslag på nynorsk"), 200)
    text_en = _words(_l("Forslag på engelsk"), 200)
    days = IntegerField(
        _l("Frist i arbeidsdager"),
        default=1,
        validators=[
            InputRequired(_l("Skriv et helt tall fra 0 til 250.")),
            NumberRange(0, 250, _l("Skriv et helt tall fra 0 til 250.")),
        ],
        description=_l("0 betyr samme dag. Den som behandler saken, kan endre fristen."),
    )
    position = _position()
    is_active = BooleanField(
        _l("I bruk"), default=True, description=_l("Saker som har fått forslaget, beholder det.")
    )


class AuthorityNumberForm(VersionedForm):
    """A telephone number, whose it is, and when to call it."""

    kind = SelectField(
        _l("Hva slags hendelse?"),
        choices=[SelectChoice(kind, KINDS[kind]) for kind in Kind if kind != Kind.ORDINARY],
        default=Kind.WORK_INJURY,
    )
    number = StringField(
        _l("Telefonnummer"),
        validators=[
            DataRequired(_l("Skriv telefonnummeret.")),
            Length(max=20, message=_TOO_LONG),
        ],
    )
    name_nb = _words(_l("Hvem svarer, på bokmål"), 80)
    name_nn = _words(_l("Hvem svarer, på nynorsk"), 80)
    name_en = _words(_l("Hvem svarer, på engelsk"), 80)
    note_nb = _words(_l("Når skal det ringes, på bokmål"), 120)
    note_nn = _words(_l("Når skal det ringes, på nynorsk"), 120)
    note_en = _words(_l("Når skal det ringes, på engelsk"), 120)
    position = _position()
    is_active = BooleanField(_l("I bruk"), default=True)


class CauseForm(VersionedForm):
    """The words of a cause and where it stands."""

    name_nb = _words(_l("Årsak på bokmål"), 80)
    name_nn = _words(_l("Årsak på nynorsk"), 80)
    name_en = _words(_l("Årsak på engelsk"), 80)
    parent_id = ChoiceField(_l("Hører under"))
    position = _position()
    is_active = BooleanField(
        _l("I bruk"), default=True, description=_l("Saker som har årsaken, beholder den.")
    )
