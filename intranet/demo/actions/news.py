"""Writes and publishes the invented articles as their units' editors would."""

from __future__ import annotations

import io
import json
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from intranet.core.clock import now, oslo_moment, stopped_at, today
from intranet.demo.actions.cast import Cast
from intranet.demo.organisation import CONTENT
from intranet.demo.pictures import draw_picture
from intranet.news.actions.comments import comment_article
from intranet.news.actions.publish import publish_article
from intranet.news.actions.write import write_article
from intranet.news.contents import ArticleContents, Category
from intranet.news.pictures import ReceivedPicture, receive_picture

Pictures = dict[str, ReceivedPicture]


def read_articles() -> list[dict[str, Any]]:
    """Return the articles of the file, oldest first."""
    rows: list[dict[str, Any]] = json.loads((CONTENT / "news.json").read_text("utf-8"))["articles"]
    return sorted(rows, key=lambda row: -int(row["days_ago"]))


def prepare_pictures() -> Pictures:
    """Draw and store the pictures, before the transaction that uses them."""
    names = [row["picture"] for row in read_articles() if "picture" in row]
    return {name: receive_picture(io.BytesIO(draw_picture(name)), f"{name}.png") for name in names}


def seed_news(cast: Cast, pictures: Pictures) -> int:
    """Publish all articles at their moments; returns how many."""
    rows = read_articles()
    for row in rows:
        with stopped_at(_moment(row)):
            editor = cast.viewer(cast.editor_of(row["unit"]))
            article = write_article(
                _contents(row, cast), actor=editor, picture=pictures.get(row.get("picture", ""))
            )
            publish_article(article, actor=editor)
            for unit, text in row.get("comments", ()):
                reader = cast.viewer(cast.editor_of(unit))
                comment_article(article, text, send_key=str(uuid4()), actor=reader)
    return len(rows)


def _moment(row: dict[str, Any]) -> datetime:
    wanted = oslo_moment(today() - timedelta(days=row["days_ago"]), time(row["hour"], 10))
    return min(wanted, now() - timedelta(minutes=5))


def _contents(row: dict[str, Any], cast: Cast) -> ArticleContents:
    targets = frozenset(cast.unit_ids[key] for key in row.get("targets", ()))
    roles = frozenset(row.get("target_roles", ()))
    return ArticleContents(
        title=row["title"],
        lead=row["lead"],
        body=row["body"],
        owner_unit_id=cast.unit_ids[row["unit"]],
        picture_alt=row.get("picture_alt", ""),
        is_for_all=not targets and not roles,
        target_ids=targets,
        target_roles=roles,
        is_pinned=row.get("is_pinned", False),
        allows_comments=row.get("allows_comments", False),
        former_rules=row.get("former_rules", ""),
        must_read_by=today() + timedelta(days=row["must_read_in"])
        if "must_read_in" in row
        else None,
        category=Category(row["category"]) if "category" in row else None,
    )
