"""The tables of deviations; hold what was reported and done, and decide nothing."""

from intranet.deviations.models.case import Deviation, DeviationConcerned, DeviationCopy
from intranet.deviations.models.categories import (
    DeviationCategory,
    DeviationCause,
    DeviationQuestion,
    SettingsVersion,
)
from intranet.deviations.models.causes import DeviationCauseChoice
from intranet.deviations.models.corrections import DeviationCorrection
from intranet.deviations.models.drafts import DeviationDraft
from intranet.deviations.models.forwards import DeviationForward
from intranet.deviations.models.links import DeviationLink
from intranet.deviations.models.measures import CorrectiveAction
from intranet.deviations.models.openings import DeviationOpening
from intranet.deviations.models.settings import CopyRule, DeadlineSetting
from intranet.deviations.models.story import DeviationEntry, DeviationFile

__all__ = [
    "CopyRule",
    "CorrectiveAction",
    "DeadlineSetting",
    "Deviation",
    "DeviationCategory",
    "DeviationCause",
    "DeviationCauseChoice",
    "DeviationConcerned",
    "DeviationCopy",
    "DeviationCorrection",
    "DeviationDraft",
    "DeviationEntry",
    "DeviationFile",
    "DeviationForward",
    "DeviationLink",
    "DeviationOpening",
    "DeviationQuestion",
    "SettingsVersion",
]
