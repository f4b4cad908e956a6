"""Comments and «nyttig» where the article allows, moderated with a reason; the mark of old rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from intranet.extensions import db
from intranet.news.models import ArticleComment, ArticleUseful
from intranet.notifications.models import Notice
from tests import browser, cast
from tests.news.conftest import MakeArticle

LogIn = Callable[[int], browser.Browser]


def _count(app: Flask, model: Any) -> int:
    with app.app_context():
        return int(db.session.execute(select(func.count()).select_from(model)).scalar_one())


def test_reader_comments_once_and_the_author_is_told(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """CC-04"""
    article_id = make_article(allows_comments=True)
    reader = log_in(people.tor)
    (key,) = reader.get(f"/nyheter/{article_id}").find("//input[@name='send_key']/@value")
    for _twice in range(2):
        sent = {"send_key": key, "text": "Takk for tydelig informasjon."}
        page = reader.post(f"/nyheter/{article_id}/kommentar", sent)
        assert "Takk for tydelig informasjon." in page.text
    assert _count(app, ArticleComment) == 1
    with app.app_context():
        notice = db.session.scalars(select(Notice)).one()
        assert (notice.recipient_id, notice.event) == (people.eva, "article.commented")


def test_comment_that_cannot_be_kept_comes_back_with_its_text(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """IN-05, IN-07"""
    article_id = make_article(allows_comments=True)
    reader, address = log_in(people.tor), f"/nyheter/{article_id}/kommentar"
    assert reader.post(address, {"text": " "}).status == 422
    long = reader.post(address, {"text": "x" * 2001})
    assert long.status == 422
    assert "høyst 2000 tegn" in long.text
    assert long.find("//textarea[@name='text']")[0].text.strip() == "x" * 2001
    assert _count(app, ArticleComment) == 0


def test_article_that_does_not_allow_it_takes_neither_comment_nor_useful(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    closed = make_article()
    hidden = make_article(
        allows_comments=True, is_for_all=False, target_ids=frozenset({people.strandheim})
    )
    reader = log_in(people.tor)
    assert not reader.get(f"/nyheter/{closed}").find("//*[@id='kommentarer']")
    for action in ("kommentar", "nyttig"):
        sent = {"text": "Hei", "is_useful": "1"}
        assert reader.post(f"/nyheter/{closed}/{action}", sent).status == 409
        assert reader.post(f"/nyheter/{hidden}/{action}", sent).status == 404
    assert _count(app, ArticleComment) == _count(app, ArticleUseful) == 0


def test_editor_hides_a_comment_with_a_reason_that_all_see(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article(allows_comments=True)
    reader, editor = log_in(people.tor), log_in(people.eva)
    reader.post(f"/nyheter/{article_id}/kommentar", {"text": "Naboen til pasienten sa det."})
    address = f"/nyheter/{article_id}/kommentar/1/skjul"
    assert reader.post(address, {"reason": "Nei"}).status == 403
    assert editor.post(address, {"reason": ""}).status == 422
    page = editor.post(address, {"reason": "Taushetsplikt"})
    assert page.status == 200
    assert editor.post(address, {"reason": "Igjen"}).status == 409
    for person in (reader, editor):
        shown = person.get(f"/nyheter/{article_id}").text
        assert "Naboen" not in shown
        assert "Skjult av redaktøren: Taushetsplikt" in shown
    assert "er skjult" in reader.get("/varsler").text
    other = make_article(allows_comments=True)
    assert editor.get(f"/nyheter/{other}/kommentar/1/skjul").status == 404


def test_useful_is_counted_once_for_each_person_and_can_be_taken_back(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article(allows_comments=True)
    reader, address = log_in(people.tor), f"/nyheter/{article_id}/nyttig"
    for _twice in range(2):
        assert "1 syntes saken var nyttig" in reader.post(address, {"is_useful": "1"}).text
    assert "2 syntes" in log_in(people.mona).post(address, {"is_useful": "1"}).text
    assert "1 syntes" in reader.post(address, {"is_useful": ""}).text
    assert _count(app, ArticleUseful) == 1


def test_mark_of_former_rules_stands_above_the_text_for_everybody(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    marked = make_article(former_rules="Ny arkivlov fra nyttår.")
    plain = make_article()
    reader = log_in(people.tor)
    page = reader.get(f"/nyheter/{marked}").text
    assert "Skrevet under tidligere regler." in page
    assert "Ny arkivlov fra nyttår." in page
    assert "tidligere regler" not in reader.get(f"/nyheter/{plain}").text


def test_script_in_a_comment_is_harmless(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """IN-01"""
    article_id = make_article(allows_comments=True, former_rules="<b>x</b><script>1</script>")
    reader = log_in(people.tor)
    script = "<script>alert(1)</script>"
    page = reader.post(f"/nyheter/{article_id}/kommentar", {"text": script})
    assert script in page.text
    assert not page.find("//main//script")
