"""Articles for the tests of news, valid by default."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from intranet.core.actor import SYSTEM
from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.news.actions.publish import publish_article, withdraw_article
from intranet.news.actions.write import write_article
from intranet.news.contents import ArticleContents
from intranet.news.models import Article
from intranet.news.pictures import receive_picture
from tests import cast

MakeArticle = Callable[..., int]


def picture_bytes(
    size: tuple[int, int] = (2000, 1000), kind: str = "JPEG", **options: Any
) -> bytes:
    """A picture of one colour, as a phone would send it."""
    buffer = io.BytesIO()
    Image.new("RGB", size, (11, 85, 99)).save(buffer, kind, **options)
    return buffer.getvalue()


def flood_bytes(side: int = 60_000) -> bytes:
    """A PNG of a few bytes that claims to be `side` pixels wide and high."""
    small = picture_bytes((1, 1), "PNG")
    header = b"IHDR" + struct.pack(">II", side, side) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


@pytest.fixture
def make_article(app: Flask, people: cast.Cast) -> MakeArticle:
    """Return a function that commits an article by an editor and returns its id.

    `published` False leaves a draft; other arguments replace the contents' own.
    """

    def make(published: bool = True, picture: bytes | None = None, **changes: Any) -> int:
        contents = ArticleContents(
            **{
                "title": "Influensavaksine for ansatte",
                "lead": "Alle med pasientkontakt får tilbud om gratis vaksine.",
                "body": "## Tid og sted\n\nDu velger selv tid på **Helsehuset**.",
                "owner_unit_id": people.strandheim,
                **changes,
            }
        )
        with app.app_context():
            received = receive_picture(io.BytesIO(picture), "bilde.jpg") if picture else None
            with transaction():
                editor = cast.viewer(people.eva if _is_eva(people, contents) else people.ragnhild)
                article = write_article(contents, actor=editor, picture=received)
                if published:
                    publish_article(article, actor=editor)
                return article.id

    return make


def _is_eva(people: cast.Cast, contents: ArticleContents) -> bool:
    return contents.owner_unit_id in (people.strandheim, people.ward)


@pytest.fixture
def in_each_phase(make_article: MakeArticle, at: Any, app: Flask) -> Callable[..., dict[str, int]]:
    """Return a function that makes one article in each phase, all with the same targets."""

    def make(**changes: Any) -> dict[str, int]:
        start = now()
        ids = {
            "draft": make_article(published=False, **changes),
            "scheduled": make_article(publish_at=start + timedelta(days=2), **changes),
            "live": make_article(**changes),
            "expired": make_article(expire_at=start + timedelta(hours=1), **changes),
            "withdrawn": make_article(**changes),
        }
        with app.app_context(), transaction():
            withdrawn = db.session.get_one(Article, ids["withdrawn"])
            withdraw_article(withdrawn, actor=SYSTEM)
        at(start + timedelta(days=1))
        return ids

    return make
