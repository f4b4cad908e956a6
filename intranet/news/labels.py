"""What categories and roles are called where people read them."""

from __future__ import annotations

from typing import Any

from intranet.core.text import _l
from intranet.news.contents import LEADER, TARGET_ROLES, Category
from intranet.people.forms import ROLE_NAMES

CATEGORY_LABELS: dict[str, Any] = {
    Category.MANAGEMENT: _l("Fra ledelsen"),
    Category.WORK: _l("Fag og tjenester"),
    Category.OPERATIONS: _l("Drift og beredskap"),
    Category.STAFF: _l("Lønn og personal"),
    Category.COURSES: _l("Kurs og arrangement"),
    Category.SOCIAL: _l("Sosialt"),
}
_NAMES: dict[str, Any] = {LEADER: _l("Ledere"), **{str(k): v for k, v in ROLE_NAMES.items()}}
ROLE_LABELS: dict[str, Any] = {str(role): _NAMES[role] for role in TARGET_ROLES}
