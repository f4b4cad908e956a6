"""The blueprint with all pages of deviations on it; the only file that the wiring asks for."""

from intranet.deviations.views import case, desk, report, steps
from intranet.deviations.views.blueprint import blueprint

__all__ = ["blueprint", "case", "desk", "report", "steps"]
