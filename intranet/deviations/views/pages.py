"""The blueprint with all pages of deviations on it; the only file that the wiring asks for."""

from intranet.deviations.views import batch, case, copies, desk, linked, measures, report, steps
from intranet.deviations.views.blueprint import blueprint

__all__ = ["batch", "blueprint", "case", "copies", "desk", "linked", "measures", "report", "steps"]
