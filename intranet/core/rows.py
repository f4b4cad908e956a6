"""Types of selects of several columns, which SQLAlchemy 2.1 would have counted one by one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
