"""All the register's pages, for the one list of the house."""

from __future__ import annotations

from intranet.delegations.views import end, give, kinds, read
from intranet.delegations.views.blueprint import blueprint

__all__ = ["blueprint", "end", "give", "kinds", "read"]
