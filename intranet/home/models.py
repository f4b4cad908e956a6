"""What people have said is wrong on a page."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intranet.core.models import Created
from intranet.extensions import Model


class PageProblem(Model, Created):
    """One message about a page, from someone who was logged in."""

    __tablename__ = "page_problem"

    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(String(300), default="")
    what: Mapped[str] = mapped_column(Text)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_done: Mapped[bool] = mapped_column(default=False)
