"""Drafts are saved while they are written, shared with the unit, and compared with what they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import now
from intranet.extensions import db
from intranet.news.models import Article, ArticleRevision
from tests import browser, cast
from tests.news.conftest import MakeArticle

LogIn = Callable[[int], browser.Browser]


def _form(editor: browser.Browser, article_id: int, **changes: str) -> dict[str, Any]:
    return {**editor.get(f"/nyheter/{article_id}/rediger").form(), **changes}


def _editions(app: Flask) -> list[str]:
    with app.app_context():
        statement = select(ArticleRevision.body).order_by(ArticleRevision.number)
        return list(db.session.execute(statement).scalars())


def test_draft_saves_itself_and_one_sitting_is_one_edition_and_one_entry_in_the_log(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle, at: Any
) -> None:
    start = now()
    article_id = make_article(published=False, body="Først")
    editor, address = log_in(people.eva), f"/nyheter/{article_id}/autolagre"
    form = _form(editor, article_id)
    for text in ("Så", "Så mer"):
        said = editor.post(address, {**form, "body": text}).response.get_json()
        assert said["saved"].startswith("Lagret kl.")
        form["version"] = str(said["version"])
    assert _editions(app) == ["Så mer"]
    at(start + timedelta(hours=1))
    editor = log_in(people.eva)
    said = editor.post(address, _form(editor, article_id, body="En time etter")).response.get_json()
    assert "saved" in said
    assert _editions(app) == ["Så mer", "En time etter"]
    with app.app_context():
        events = db.session.execute(select(AuditEntry.event)).scalars().all()
        assert events.count("article.edited") == 1


def test_autosave_gives_advice_and_says_in_words_what_it_cannot_save(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id, live = make_article(published=False), make_article()
    editor, chief = log_in(people.eva), log_in(people.ragnhild)
    form = _form(editor, article_id)
    address = f"/nyheter/{article_id}/autolagre"
    advised = editor.post(address, {**form, "body": "Klikk [her](https://a.no)."}).response
    assert "1 råd" in advised.get_json()["remarks"]
    empty = editor.post(address, {**form, "title": ""}).response
    assert (empty.status_code, empty.get_json()["message"]) == (422, "Skriv en tittel.")
    late = chief.post(address, {**form, "body": "Uten å ha sett det andre"}).response
    assert late.status_code == 409
    assert "Eva Åsen" in late.get_json()["message"]
    # What readers see is never changed by a pause in the writing.
    seen = editor.post(
        f"/nyheter/{live}/autolagre", _form(editor, live, body="Halvferdig")
    ).response
    assert seen.status_code == 409
    with app.app_context():
        assert db.session.get_one(Article, live).body != "Halvferdig"
    assert editor.get(f"/nyheter/{article_id}/rediger").find("//form[@data-autosave]")
    assert not editor.get(f"/nyheter/{live}/rediger").find("//form[@data-autosave]")


def test_shared_draft_is_read_in_the_unit_and_below_and_changed_only_by_editors(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """AZ-25"""
    shared = make_article(published=False, title="Delt", is_shared=True)
    own = make_article(published=False, title="Ikke delt")
    for name, reads in {"mona": True, "ingrid": True, "nils": False, "tor": False}.items():
        person = log_in(people.ids[name])
        assert (person.get(f"/nyheter/{shared}").status == 200) is reads, name
        assert (f"/nyheter/{shared}" in person.get("/nyheter/kladder").links()) is reads, name
        assert person.get(f"/nyheter/{own}").status == 404
        assert person.get(f"/nyheter/{shared}/rediger").status == 403, name
        assert person.get(f"/nyheter/{shared}/historikk").status == (403 if reads else 404), name
        assert f"/nyheter/{shared}" not in person.get("/nyheter").links(), name


def test_article_that_was_withdrawn_is_no_longer_shared(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article(published=False, is_shared=True)
    log_in(people.eva).post(f"/nyheter/{article_id}/trekk")
    assert log_in(people.ingrid).get(f"/nyheter/{article_id}").status == 404


def test_editor_sees_word_by_word_what_an_edition_changed(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article(body="Vi møtes mandag.")
    editor = log_in(people.eva)
    changed = _form(editor, article_id, body="Vi møtes tirsdag.", step="save")
    editor.post(f"/nyheter/{article_id}/rediger", changed)
    page = editor.get(f"/nyheter/{article_id}/historikk")
    assert [piece.text_content().split()[-1] for piece in page.find("//ins")] == ["tirsdag"]
    assert [piece.text_content().split()[-1] for piece in page.find("//del")] == ["mandag"]
    same = editor.get(f"/nyheter/{article_id}/historikk?fra=1&til=1")
    assert not same.find("//ins | //del")
    assert editor.get(f"/nyheter/{article_id}/historikk?fra=1&til=9").status == 404
    assert log_in(people.tor).get(f"/nyheter/{article_id}/historikk").status == 403
