"""Hands the news that readers may find to the search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from intranet.core.clock import OSLO, now
from intranet.core.reads import count_rows
from intranet.core.richtext import to_text
from intranet.core.rows import AnyRow, AnySelect
from intranet.extensions import db
from intranet.news.models import Article, ArticleRoleTarget, ArticleTarget
from intranet.news.queries.visible import LARGEST_ID, is_live
from intranet.news.visibility import audience
from intranet.people.models import Unit
from intranet.search.entry import LONGEST_TEXT, OWN_NEWS_PRIOR, Kind, SearchEntry

PREFIX = "nyhet/"
_BATCH = 500
_ROWS = select(
    Article.id,
    Article.title,
    Article.lead,
    Article.body,
    Article.publish_at,
    Article.is_for_all,
    Unit.name.label("unit_name"),
).join(Unit, Unit.id == Article.owner_unit_id)


class NewsSource:
    """Live articles, found by those whom they are for; drafts and expired ones by nobody."""

    name = "news"

    def count(self) -> int:
        """About how many entries there are."""
        return count_rows(Article)

    def entries(self) -> Iterator[SearchEntry]:
        """Every live article, read in batches by id."""
        last = 0
        while True:
            batch = _ROWS.where(Article.id > last).order_by(Article.id).limit(_BATCH)
            found = list(_entries(batch))
            yield from found
            if not found:
                return
            last = _id_of(found[-1].key)

    def entries_for(self, doc_keys: Sequence[str]) -> Iterator[SearchEntry]:
        """These articles as they are now; nothing for one that is not live."""
        ids = [_id_of(key) for key in doc_keys if self.owns(key)]
        if ids:
            yield from _entries(_ROWS.where(Article.id.in_(ids)))

    def load(self, keys: Sequence[str]) -> dict[str, SearchEntry]:
        """The same by key: an article that expired since it was indexed is left out."""
        return {entry.key: entry for entry in self.entries_for(keys)}

    def owns(self, key: str) -> bool:
        """Whether it is the key of an article."""
        number = key.removeprefix(PREFIX)
        if not key.startswith(PREFIX) or not number.isascii() or not number.isdigit():
            return False
        return len(number) <= 10 and int(number) <= LARGEST_ID


def _entries(statement: AnySelect) -> Iterator[SearchEntry]:
    rows = list(db.session.execute(statement.where(is_live(now()))))
    limited = [row.id for row in rows if not row.is_for_all]
    units = _targets(limited, ArticleTarget.article_id, ArticleTarget.unit_id)
    roles = _targets(limited, ArticleRoleTarget.article_id, ArticleRoleTarget.role)
    for row in rows:
        yield _entry(row, audience(row.is_for_all, units.get(row.id, ()), roles.get(row.id, ())))


def _targets(article_ids: list[int], article: Any, target: Any) -> dict[int, list[Any]]:
    """Return what each of the articles is for; nothing is asked when all are for everybody."""
    found: dict[int, list[Any]] = {}
    if article_ids:
        pairs = db.session.execute(select(article, target).where(article.in_(article_ids)))
        for article_id, one in pairs:
            found.setdefault(article_id, []).append(one)
    return found


def _entry(row: AnyRow, readers: tuple[str, ...]) -> SearchEntry:
    key = f"{PREFIX}{row.id}"
    return SearchEntry(
        key=key,
        doc=key,
        kind=Kind.NEWS,
        prior=OWN_NEWS_PRIOR,
        title=row.title,
        name=row.unit_name,
        text=f"{row.lead}\n{to_text(row.body)}"[:LONGEST_TEXT],
        url=f"/nyheter/{row.id}",
        unit=row.unit_name,
        published_on=row.publish_at.astimezone(OSLO).date(),
        audience=readers,
    )


def _id_of(key: str) -> int:
    return int(key.removeprefix(PREFIX))
