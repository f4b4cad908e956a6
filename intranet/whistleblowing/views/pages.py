"""The blueprint with its pages on it; what the wiring asks for."""

from intranet.whistleblowing.views import cases, moving, own
from intranet.whistleblowing.views.blueprint import blueprint

__all__ = ["blueprint", "cases", "moving", "own"]
