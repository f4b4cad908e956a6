"""Types of selects of several columns, whatever they are. SQLAlchemy 2.1 counts them in the type."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
