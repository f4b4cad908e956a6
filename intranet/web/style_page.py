"""`/stil`: every building block in every state, for those who build. Not in production."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, render_template
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from intranet.core.clock import now, today
from intranet.core.errors import NotFound
from intranet.core.settings import get_settings
from intranet.web.access import requires
from intranet.web.forms import BaseForm

blueprint = Blueprint("style", __name__)

PLACES = [SelectChoice("1", "Strandheim sykehjem"), SelectChoice("2", "Nesbakken skole")]
TWO = [SelectChoice("a", "Det ene"), SelectChoice("b", "Det andre")]
REQUIRED = [InputRequired("Må fylles ut")]


class SampleForm(BaseForm):
    """One field of each kind."""

    text = StringField("Tekst", REQUIRED, description="Forklaringen står over feltet.")
    email = EmailField("E-post")
    secret = PasswordField("Passord")
    number = IntegerField("Antall")
    long_text = TextAreaField("Hva skjedde?", REQUIRED)
    place = SelectField("Hvor?", choices=PLACES)
    on = DateField("Dato")
    at = TimeField("Klokkeslett")
    concerns = RadioField(
        "Hvem gjelder det?",
        REQUIRED,
        choices=[
            SelectChoice("user", "Pasient eller bruker", {"data-icon": "PersonGroup"}),
            SelectChoice("child", "Elev eller barn", {"data-icon": "HatSchool"}),
            SelectChoice("staff", "Ansatt", {"data-icon": "HardHat"}),
            SelectChoice("privacy", "Personvern", {"data-icon": "ShieldLock"}),
        ],
    )
    severity = RadioField(
        "Hvor alvorlig var det?",
        REQUIRED,
        choices=[
            SelectChoice("near", "Nesten-hendelse", {"data-hint": "Ingen ble skadet"}),
            SelectChoice("minor", "Lite alvorlig", {"data-hint": "Skade som gikk over"}),
        ],
    )
    plain = RadioField("Enkle valg", choices=TWO)
    many = SelectMultipleField(
        "Flere valg",
        choices=TWO,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    agree = BooleanField("Avviket gjelder lederen min", description="Da går det til leder over.")
    file = FileField("Fil", description="Inntil 25 MB.")
    pictures = MultipleFileField("Bilder")


def _samples() -> dict[str, Any]:
    moment, day = now(), today()
    entry = SimpleNamespace
    return {
        "entries": [
            entry(who="Ingrid Solheim", initials="IS", action="svarte", at=moment, kind="message",
                  text="Ja, men det ble vått igjen.", icon="", color=""),
            entry(who="Mona Dahl", initials="MD", action="skrev internt notat", kind="note",
                  at=moment - timedelta(days=1), text="Samme mønster som i august.", icon="",
                  color="brand"),
            entry(who="Mona Dahl", initials="MD", action="satte risiko til middels", kind="event",
                  at=moment - timedelta(days=400), text="", icon="Pencil", color=""),
        ],
        "tasks": [
            entry(kind="read", title="Les og bekreft: Legemiddelhåndtering", url="#", note="Ny",
                  due_on=day + timedelta(days=1), icon="FileText", on_behalf_of=None),
            entry(kind="deviation", title="Avvik 2026-0412 venter på deg", url="#", note="",
                  due_on=day - timedelta(days=3), icon="Chat", on_behalf_of="Mona Dahl"),
            entry(kind="approve", title="Godkjenn: Fallforebygging", url="#", note="Versjon 4",
                  due_on=day + timedelta(days=9), icon="SealCheckmark", on_behalf_of=None),
        ],
        "moments": [moment, moment - timedelta(days=1), moment - timedelta(days=30)],
    }  # fmt: skip


@blueprint.get("/stil")
@requires()
def show_style() -> str:
    """Show the building blocks; in production there is no such page."""
    if get_settings().is_production:
        raise NotFound
    form, faulty = SampleForm(formdata=None), SampleForm(formdata=None, prefix="feil-")
    faulty.process(formdata=None)
    faulty.validate()
    return render_template("style/show_style.html", form=form, faulty=faulty, **_samples())
