"""How a case is judged, closed off from more eyes, and corrected. Never commits."""

from __future__ import annotations

from dataclasses import replace

from intranet.core.actor import SYSTEM, Viewer
from intranet.core.errors import InvalidInput
from intranet.core.text import _
from intranet.deviations.actions.handle import tell_reporter
from intranet.deviations.actions.routes import copy_by_rules
from intranet.deviations.actions.steps import check_step, complete_step
from intranet.deviations.models import DeviationCorrection
from intranet.deviations.queries.cases import Case
from intranet.deviations.risk import LEVELS, band_of
from intranet.deviations.words import TEXTS
from intranet.deviations.workflow import Step
from intranet.extensions import db


def assess_risk(
    case: Case,
    consequence: int,
    probability: int,
    *,
    actor: Viewer,
    version: int | None = None,
) -> None:
    """Say how grave it can be and how often it can happen; the handler may. Moves no deadline."""
    check_step(case, Step.ASSESS_RISK, actor=actor, version=version)
    for value, field in ((consequence, "consequence"), (probability, "probability")):
        if value not in LEVELS:
            raise InvalidInput(_("Velg et av trinnene fra 1 til 5."), field)
    deviation = case.deviation
    deviation.risk_consequence, deviation.risk_probability = consequence, probability
    complete_step(
        case,
        Step.ASSESS_RISK,
        actor=actor,
        details={"consequence": consequence, "probability": probability},
        band=band_of(consequence, probability),
    )


def set_confidential(
    case: Case,
    reason: str,
    *,
    is_confidential: bool,
    actor: Viewer,
    version: int | None = None,
) -> None:
    """Take the case from quality advisers and the copied, or give it back; leaders may.

    Who was copied because the law gives them a duty keeps it. Reporter, handler and line do too.
    """
    check_step(case, Step.SET_CONFIDENTIAL, actor=actor, version=version)
    deviation = case.deviation
    if not reason.strip():
        raise InvalidInput(_("Skriv en grunn."), "reason")
    if deviation.is_confidential == is_confidential:
        raise InvalidInput(
            _("Saken er fortrolig fra før.") if is_confidential else _("Saken er ikke fortrolig."),
            "reason",
        )
    deviation.is_confidential = is_confidential
    case.access = replace(case.access, is_confidential=is_confidential)
    complete_step(
        case,
        Step.SET_CONFIDENTIAL,
        actor=actor,
        text=reason,
        code="made_confidential" if is_confidential else "made_open",
        details={"is_confidential": is_confidential},
    )
    if not is_confidential:
        copy_by_rules(deviation, actor=SYSTEM, already=case.access.copied_ids)


def correct_text(
    case: Case,
    field: str,
    text: str,
    reason: str,
    *,
    actor: Viewer,
    version: int | None = None,
) -> None:
    """Put another text in place of what was reported, with a reason; the handler may.

    What it said before is kept and stays readable to the reporter and to the leaders.
    """
    check_step(case, Step.CORRECT, actor=actor, version=version)
    deviation = case.deviation
    if field not in TEXTS:
        raise InvalidInput(_("Velg hvilken tekst du vil rette."), "field")
    before = str(getattr(deviation, field))
    if not text.strip():
        raise InvalidInput(_("Skriv teksten slik den skal være."), "text")
    if text == before:
        raise InvalidInput(_("Teksten er den samme som før."), "text")
    if not reason.strip():
        raise InvalidInput(_("Skriv hvorfor teksten rettes."), "reason")
    db.session.add(
        DeviationCorrection(
            deviation_id=deviation.id,
            field=field,
            before=before,
            reason=reason,
            created_by=actor.id,
        )
    )
    setattr(deviation, field, text)
    deviation.text_key = f"{deviation.what}\n{deviation.immediate_action}".casefold()
    deviation.is_corrected = True
    entry = complete_step(
        case, Step.CORRECT, actor=actor, text=reason, details={"field": field}, field=field
    )
    tell_reporter(deviation, entry, actor=actor)
