"""Taking a case out of the portal: whole as PDF or JSON, or with parts withheld."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, render_template
from flask_babel import get_locale
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO, now
from intranet.core.errors import NotAllowed
from intranet.core.pdf import make_pdf
from intranet.core.settings import get_settings
from intranet.core.text import _, _l
from intranet.core.transaction import transaction
from intranet.deviations.actions.copies import record_copy, record_withheld_copy
from intranet.deviations.case_copy import (
    MUST_WITHHOLD,
    CaseCopy,
    Part,
    PartKind,
    Provision,
    propose,
    withhold,
)
from intranet.deviations.numbers import number_words
from intranet.deviations.policy import can_read_notes
from intranet.deviations.queries.cases import Case, get_deviation_for
from intranet.deviations.queries.copies import load_case_copy
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.opening import open_case
from intranet.deviations.words import PROVISIONS
from intranet.web.access import current_viewer, is_sensitive, requires
from intranet.web.downloads import send_made_file
from intranet.web.forms import BaseForm

SHOW = "show"
_STORY = frozenset({PartKind.EVENT, PartKind.TALK, PartKind.NOTE})


class WithholdForm(BaseForm):
    """Who asks, what is blackened, and for each part of the case whether it is shown."""

    asked_by = StringField(
        _l("Hvem ber om innsyn?"),
        validators=[
            DataRequired(_l("Skriv hvem som ber om innsyn, eller saksnummeret.")),
            Length(max=200, message=_l("Teksten er for lang. Den kan ha høyst %(max)d tegn.")),
        ],
        description=_l("Navn eller saksnummer. Det står i historikken til saken."),
    )
    words = TextAreaField(
        _l("Ord som skal sladdes"),
        validators=[
            Length(max=4000, message=_l("Teksten er for lang. Den kan ha høyst %(max)d tegn."))
        ],
        description=_l(
            "Ett navn eller ord på hver linje. Forslaget er den som meldte og dem saken gjelder."
        ),
        render_kw={"rows": 6},
    )
    words_by = SelectField(_l("Hjemmel for å sladde ordene"))

    def chosen(self, parts: tuple[Part, ...]) -> dict[str, Provision]:
        """Return the parts that are withheld, by key."""
        values = {part.key: self._fields[_field_name(part)].data for part in parts}
        return {key: Provision(value) for key, value in values.items() if value != SHOW}


@blueprint.get("/avvik/<int:number>/kopi")
@requires()
def show_copies(number: int) -> str:
    """Show in which ways the case can be taken out."""
    viewer = current_viewer()
    case = get_deviation_for(viewer, number)
    return render_template(
        "deviations/show_copies.html",
        case=case,
        deviation=case.deviation,
        may_withhold=can_read_notes(viewer, case.access),
    )


@blueprint.post("/avvik/<int:number>/kopi/pdf")
@requires()
@is_sensitive
def download_pdf(number: int) -> Response:
    """Send the case with its history as PDF."""
    viewer = current_viewer()
    case = open_case(viewer, number)
    copy = load_case_copy(case, viewer)
    made = _typeset(copy, _("Kopi av hele saken slik %(name)s ser den.", name=viewer.name))
    with transaction():
        record_copy(case, "pdf", actor=viewer)
    return send_made_file(
        made, "application/pdf", f"avvik-{number_words(case.deviation.number)}.pdf"
    )


@blueprint.post("/avvik/<int:number>/kopi/json")
@requires()
@is_sensitive
def download_json(number: int) -> Response:
    """Send the case with its history as data, for the archive or another system."""
    viewer = current_viewer()
    case = open_case(viewer, number)
    copy = load_case_copy(case, viewer)
    made = json.dumps({**copy.data, "taken_at": now().isoformat()}, ensure_ascii=False, indent=2)
    with transaction():
        record_copy(case, "json", actor=viewer)
    name = f"avvik-{number_words(case.deviation.number)}.json"
    return send_made_file(made.encode("utf-8"), "application/json", name)


@blueprint.route("/avvik/<int:number>/innsyn", methods=["GET", "POST"])
@requires()
def make_withheld_copy(number: int) -> Any:
    """Make the copy for somebody who asks for access: each part is judged by a person."""
    viewer = current_viewer()
    case = open_case(viewer, number)
    if not can_read_notes(viewer, case.access):
        raise NotAllowed(_("Du kan se denne saken, men ikke gjøre dette i den."))
    copy = load_case_copy(case, viewer)
    form = _withhold_form(copy)
    if not form.is_submitted():
        return _render_form(case, copy, form, 200)
    if not form.validate():
        return _render_form(case, copy, form, 422)
    return _withheld_pdf(case, copy, form, viewer)


def _withheld_pdf(case: Case, copy: CaseCopy, form: WithholdForm, viewer: Viewer) -> Response:
    chosen = form.chosen(copy.parts)
    words = (form.words.data or "").splitlines()
    by = Provision(form.words_by.data)
    labels = {key: str(words_of[0]) for key, words_of in PROVISIONS.items()}
    made = withhold(copy, chosen, words, labels, words_by=by, mark=_("[sladdet]"))
    used = {provision for provision, label in labels.items() if label in made.provisions}
    notice = _(
        "Dette er en kopi for den som har bedt om innsyn. Der det står [sladdet], er ord tatt ut. "
        "Der en hel del er holdt tilbake, står det hvorfor."
    )
    pdf = _typeset(made, notice if made.provisions else _("Dette er hele saken."), used)
    with transaction():
        record_withheld_copy(
            case,
            asked_by=form.asked_by.data or "",
            provisions=used,
            shown=len(copy.parts) - len(chosen),
            withheld=len(chosen),
            actor=viewer,
        )
    name = f"avvik-{number_words(case.deviation.number)}-innsyn.pdf"
    return send_made_file(pdf, "application/pdf", name)


def _typeset(copy: CaseCopy, notice: str, used: set[Provision] | None = None) -> bytes:
    """Return the copy as PDF; with `used`, it ends with what a refusal must say (offl § 31)."""
    settings = get_settings()
    made_at = now()
    story = [part for part in copy.parts if part.kind in _STORY]
    facts = [part for part in copy.parts if part.kind not in _STORY]
    data = {
        "title": copy.title,
        "lang": str(get_locale() or "nb")[:2],
        "municipality": settings.municipality,
        "notice": notice,
        "page": _("Side"),
        "footer": _("Skrevet ut %(when)s", when=f"{made_at.astimezone(OSLO):%d.%m.%Y kl. %H.%M}"),
        "facts": [list(fact) for fact in copy.facts],
        "sections": [
            {"title": title, "parts": [_part(part) for part in parts]}
            for title, parts in ((_("Saken"), facts), (_("Historikk"), story))
            if parts
        ],
        "refusal_title": _("Hjemmel og klage"),
        "refusal": _refusal(copy, used) if used else [],
    }
    return make_pdf("deviations/case.typ", data, made_at=made_at)


def _part(part: Part) -> dict[str, str]:
    held = _("Holdt tilbake etter %(provision)s.", provision=part.withheld_by)
    return {
        "heading": part.heading,
        "about": part.about,
        "text": part.text,
        "withheld": held if part.withheld_by else "",
    }


def _refusal(copy: CaseCopy, used: set[Provision]) -> list[str]:
    lines = [_("Opplysninger er holdt tilbake etter:"), *(f"– {each}" for each in copy.provisions)]
    if used - MUST_WITHHOLD:
        lines.append(
            _("Vi har vurdert om du likevel kan få innsyn (offentleglova § 11, meirinnsyn).")
        )
    lines.append(
        _(
            "Du kan klage til statsforvalteren innen tre uker. Klagen sender du til kommunen. "
            "Innen tre uker kan du også be om en nærmere begrunnelse, som du skal få innen ti "
            "arbeidsdager (offentleglova §§ 31 og 32)."
        )
    )
    return lines


def _field_name(part: Part) -> str:
    return "part_" + part.key.replace("-", "_")


def _withhold_form(copy: CaseCopy) -> WithholdForm:
    """Return a form with one choice for each part. A part that came after the page was shown has
    no answer in the form and is asked for, never shown unasked."""
    reasons = [SelectChoice(key, words[1]) for key, words in PROVISIONS.items()]
    choices = [SelectChoice(SHOW, _("Vis")), *reasons]
    fields = {
        _field_name(part): SelectField(
            _("Skal «%(part)s» vises?", part=part.heading),
            choices=choices,
            validators=[InputRequired(_("Velg om denne delen skal vises."))],
        )
        for part in copy.parts
    }
    made = type("CaseWithholdForm", (WithholdForm,), fields)
    proposed = propose(copy.parts)
    data = {_field_name(part): proposed.get(part.key, SHOW) for part in copy.parts}
    form: WithholdForm = made(
        data={**data, "words": "\n".join(copy.names), "words_by": Provision.PERSONAL}
    )
    form.words_by.choices = reasons
    return form


def _render_form(case: Case, copy: CaseCopy, form: WithholdForm, status: int) -> tuple[str, int]:
    page = render_template(
        "deviations/make_withheld_copy.html",
        case=case,
        deviation=case.deviation,
        judged=[(part, form._fields[_field_name(part)]) for part in copy.parts],
        form=form,
        form_has_errors=status >= 400,
    )
    return page, status
