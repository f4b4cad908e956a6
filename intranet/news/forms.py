"""The shape of what an editor types; the rules between the parts are in `contents.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from intranet.core.clock import OSLO
from intranet.core.text import _, _l
from intranet.news.contents import (
    ALT_LENGTH,
    BODY_LENGTH,
    LEAD_LENGTH,
    NOTE_LENGTH,
    TITLE_LENGTH,
    ArticleContents,
    Category,
)
from intranet.news.labels import CATEGORY_LABELS, ROLE_LABELS
from intranet.people.queries.units import UnitRow, unit_choices
from intranet.web.forms import BaseForm, ChoiceField, SendOnceForm, VersionedForm

ALL = "all"
UNITS = "units"
_CATEGORIES = [SelectChoice(value, name) for value, name in CATEGORY_LABELS.items()]
_MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _moment_field(label: Any, description: Any) -> DateTimeLocalField:
    return DateTimeLocalField(
        label, validators=[Optional()], format=_MOMENT, description=description
    )


class ArticleFields:
    """The fields that writing and editing share."""

    title = StringField(
        _l("Tittel"),
        validators=[
            DataRequired(_l("Skriv en tittel.")),
            Length(max=TITLE_LENGTH, message=_l("Tittelen kan ha høyst 120 tegn.")),
        ],
        description=_l("Si det viktigste. Høyst 120 tegn."),
    )
    lead = TextAreaField(
        _l("Ingress"),
        validators=[
            DataRequired(_l("Skriv en ingress: to setninger om hva saken betyr for leseren.")),
            Length(max=LEAD_LENGTH, message=_l("Ingressen kan ha høyst 300 tegn.")),
        ],
        description=_l("To setninger om hva saken betyr for leseren. Høyst 300 tegn."),
    )
    body = TextAreaField(
        _l("Tekst"),
        validators=[
            Length(max=BODY_LENGTH, message=_l("Teksten er for lang. Del den i flere saker."))
        ],
        description=_l("Skriv korte avsnitt med mellomtitler. Tom linje gir nytt avsnitt."),
    )
    picture = FileField(
        _l("Bilde"),
        description=_l("JPG, PNG eller WebP. Vi gjør det mindre og fjerner skjulte data."),
    )
    removes_picture = BooleanField(_l("Fjern bildet som er der nå"))
    picture_alt = StringField(
        _l("Hva viser bildet?"),
        validators=[
            Length(max=ALT_LENGTH, message=_l("Beskrivelsen av bildet kan ha høyst 200 tegn."))
        ],
        description=_l("Leses opp for dem som ikke ser bildet. Må fylles ut når saken har bilde."),
    )
    owner_unit = ChoiceField(
        _l("Hvem står bak?"), validators=[InputRequired(_l("Velg enheten som står bak saken."))]
    )
    reach = RadioField(
        _l("Hvem er saken for?"),
        choices=[
            SelectChoice(ALL, _l("Alle ansatte")),
            SelectChoice(UNITS, _l("Bare noen enheter eller roller")),
        ],
        default=ALL,
        validators=[InputRequired(_l("Velg hvem saken er for."))],
    )
    targets = SelectMultipleField(
        _l("Enheter"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("En sektor eller enhet gjelder også alle avdelinger under den."),
    )
    target_roles = SelectMultipleField(
        _l("Roller"),
        choices=[SelectChoice(role, name) for role, name in ROLE_LABELS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Når dem som har rollen, i hele kommunen."),
    )
    category = SelectField(
        _l("Kategori"),
        choices=[SelectChoice("", _l("Ingen")), *_CATEGORIES],
        default="",
        description=_l("Leserne kan finne igjen saken i arkivet under kategorien."),
    )
    publish_at = _moment_field(
        _l("Publiseres"), _l("La stå tomt for å publisere med en gang du trykker Publiser.")
    )
    expire_at = _moment_field(_l("Utløper"), _l("Saken forsvinner fra lister og søk av seg selv."))
    is_pinned = BooleanField(_l("Fest øverst på forsiden"))
    must_read_by = DateField(
        _l("Må leses og bekreftes innen"),
        validators=[Optional()],
        description=_l("Alle saken er for, blir bedt om å bekrefte. Du ser hvem som har lest."),
    )
    allows_comments = BooleanField(
        _l("Åpne for kommentarer og «nyttig»"),
        description=_l("Du kan skjule en kommentar, med en grunn som alle ser."),
    )
    former_rules = StringField(
        _l("Skrevet under tidligere regler"),
        validators=[Length(max=NOTE_LENGTH, message=_l("Skriv kortere: høyst 200 tegn."))],
        description=_l(
            "Si hva som er endret siden, for eksempel «Ny arkivlov fra 1. januar 2026». "
            "Da står det øverst i saken. La stå tomt når reglene gjelder."
        ),
    )
    is_shared = BooleanField(
        _l("Del kladden med enheten"),
        description=_l("Alle i enheten som står bak, kan lese kladden. Bare redaktører kan endre."),
    )


class WriteArticleForm(SendOnceForm, ArticleFields):
    """A new article."""


class EditArticleForm(VersionedForm, ArticleFields):
    """An article that exists; carries the version that was shown."""


ArticleForm = WriteArticleForm | EditArticleForm


def offer_units(form: ArticleForm, owners: list[UnitRow], targets: list[UnitRow]) -> None:
    """Fill in the units that may stand behind the article and those that it may be for."""
    form.owner_unit.choices = [SelectChoice(str(unit.id), unit.name) for unit in owners]
    form.targets.choices = [
        SelectChoice(str(unit_id), name)
        for unit_id, name in unit_choices([unit for unit in targets if unit.depth > 0])
    ]


class CompareEditionsForm(BaseForm):
    """Which two editions are compared; sent in the address."""

    class Meta(BaseForm.Meta):
        """Nothing is changed, so the address carries no token."""

        csrf = False

    fra = SelectField(_l("Fra"), coerce=int, validate_choice=False)
    til = SelectField(_l("Til"), coerce=int, validate_choice=False)


def offer_editions(form: CompareEditionsForm, rows: Sequence[Any]) -> None:
    """Fill in the editions, newest first."""
    choices = [
        SelectChoice(
            row.number,
            _(
                "Utgave %(number)s (%(when)s)",
                number=row.number,
                when=f"{row.saved_at.astimezone(OSLO):%d.%m.%Y kl. %H.%M}",
            ),
        )
        for row in rows
    ]
    form.fra.choices, form.til.choices = choices, choices


class ArchiveForm(BaseForm):
    """What the archive is narrowed by; sent with the address."""

    aar = ChoiceField(_l("År"))
    kategori = SelectField(
        _l("Kategori"), choices=[SelectChoice("", _l("Alle")), *_CATEGORIES], default=""
    )
    enhet = ChoiceField(_l("Enhet"))


def offer_archive(form: ArchiveForm, years: list[int], units: list[UnitRow]) -> None:
    """Fill in the years that there are articles of, and the units that may stand behind them."""
    form.aar.choices = [("", _("Alle")), *((year, str(year)) for year in years)]
    form.enhet.choices = [("", _("Alle")), *unit_choices(units)]


def contents_of(form: ArticleForm) -> ArticleContents:
    """Return what was typed as the article's contents, moments read as Norwegian time."""
    is_for_all = form.reach.data == ALL
    return ArticleContents(
        title=cast(str, form.title.data or ""),
        lead=cast(str, form.lead.data or ""),
        body=cast(str, form.body.data or ""),
        owner_unit_id=int(form.owner_unit.data or 0),
        picture_alt=cast(str, form.picture_alt.data or ""),
        is_for_all=is_for_all,
        target_ids=frozenset() if is_for_all else frozenset(form.targets.data or ()),
        target_roles=frozenset() if is_for_all else frozenset(form.target_roles.data or ()),
        publish_at=_as_utc(form.publish_at.data),
        expire_at=_as_utc(form.expire_at.data),
        is_pinned=bool(form.is_pinned.data),
        allows_comments=bool(form.allows_comments.data),
        former_rules=cast(str, form.former_rules.data or ""),
        must_read_by=form.must_read_by.data,
        is_shared=bool(form.is_shared.data),
        category=Category(form.category.data) if form.category.data else None,
    )


def form_values(
    article: Any, target_ids: frozenset[int], target_roles: frozenset[str]
) -> dict[str, Any]:
    """Return an article's columns as the form shows them."""
    return {
        "version": article.version,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "picture_alt": article.picture_alt,
        "owner_unit": article.owner_unit_id,
        "reach": ALL if article.is_for_all else UNITS,
        "targets": sorted(target_ids),
        "target_roles": sorted(target_roles),
        "publish_at": _as_local(article.publish_at),
        "expire_at": _as_local(article.expire_at),
        "is_pinned": article.is_pinned,
        "allows_comments": article.allows_comments,
        "former_rules": article.former_rules,
        "must_read_by": article.must_read_by,
        "is_shared": article.is_shared,
        "category": article.category or "",
    }


def _as_utc(local: datetime | None) -> datetime | None:
    return None if local is None else local.replace(tzinfo=OSLO).astimezone(UTC)


def _as_local(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(OSLO).replace(tzinfo=None)
