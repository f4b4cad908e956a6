"""The blueprint with its pages on it; what the wiring asks for."""

from intranet.whistleblowing.views import asking, cases, moving, own
from intranet.whistleblowing.views.blueprint import blueprint

__all__ = ["asking", "blueprint", "cases", "moving", "own"]
