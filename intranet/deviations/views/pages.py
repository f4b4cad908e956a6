"""The blueprint with all pages of deviations on it; the only file that the wiring asks for."""

from intranet.deviations.views import case, copies, desk, report, steps
from intranet.deviations.views.blueprint import blueprint

__all__ = ["blueprint", "case", "copies", "desk", "report", "steps"]
