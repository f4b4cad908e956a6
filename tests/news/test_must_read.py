"""What must be read is asked for, confirmed, reminded of, and seen by those who answer for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import now, today
from intranet.core.errors import NotFound
from intranet.extensions import db
from intranet.news.commands import ask_and_remind
from intranet.news.models import ArticleReceipt
from intranet.news.queries import articles, front_page, readers
from intranet.notifications.models import OutboxMessage
from tests import browser, cast
from tests.news.conftest import MakeArticle

LogIn = Callable[[int], browser.Browser]


def _mails(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        statement = select(OutboxMessage.recipient_id, OutboxMessage.subject)
        return [tuple(one) for one in db.session.execute(statement.order_by(OutboxMessage.id))]


@pytest.mark.parametrize(
    ("units", "roles"),
    [((), ()), (("health",), ()), (("ward",), ("hr",)), ((), ("leader", "administrator"))],
)
def test_who_must_read_is_the_same_for_one_person_and_for_all(
    units: tuple[str, ...],
    roles: tuple[str, ...],
    app: Flask,
    people: cast.Cast,
    make_article: MakeArticle,
) -> None:
    article_id = make_article(
        must_read_by=today(),
        is_for_all=not (units or roles),
        target_ids=frozenset(people.ids[key] for key in units),
        target_roles=frozenset(roles),
    )
    with app.app_context():
        required = set(readers.list_required(article_id))
        for name in cast.PERSONS:
            viewer = cast.viewer(people.ids[name])
            try:
                is_for_me = articles.get_article_for(viewer, article_id).is_for_me
            except NotFound:
                is_for_me = False
            assert (viewer.id in required) is is_for_me, name


def test_reader_is_asked_once_confirms_and_is_reminded_no_more(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle, at: Any
) -> None:
    start = now()
    article_id = make_article(
        title="Ny brannrutine",
        is_for_all=False,
        target_ids=frozenset({people.ward}),
        must_read_by=today() + timedelta(days=3),
    )
    with app.app_context():
        assert ask_and_remind() == 2
        assert ask_and_remind() == 0
    assert {person for person, _subject in _mails(app)} == {people.ingrid, people.jonas}
    reader = log_in(people.ingrid)
    assert "Les «Ny brannrutine»" in reader.get("/mine-oppgaver").text
    page = reader.post(f"/nyheter/{article_id}/lest")
    assert "Du bekreftet" in page.text
    assert reader.post(f"/nyheter/{article_id}/lest").status == 200
    assert "Ny brannrutine" not in reader.get("/mine-oppgaver").text
    with app.app_context():
        statement = select(ArticleReceipt.person_id)
        assert db.session.execute(statement).scalars().all() == [people.ingrid]
    for days, words in (
        (3, "Siste dag: les Ny brannrutine"),
        (11, "Fristen er ute: les Ny brannrutine"),
    ):
        at(start + timedelta(days=days, minutes=1))
        with app.app_context():
            assert ask_and_remind() == 1
            assert ask_and_remind() == 0
        assert _mails(app)[-1] == (people.jonas, words)


def test_nobody_is_asked_before_it_is_out_or_after_it_is_withdrawn(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """AZ-25"""
    due = {"must_read_by": today() + timedelta(days=9)}
    make_article(published=False, **due)
    make_article(publish_at=now() + timedelta(days=2), **due)
    withdrawn = make_article(**due)
    log_in(people.eva).post(f"/nyheter/{withdrawn}/trekk")
    with app.app_context():
        assert ask_and_remind() == 0
        assert front_page.list_tasks_for(cast.viewer(people.tor)) == []
    assert _mails(app) == []


def test_only_those_it_is_for_confirm_and_only_what_must_be_read(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    plain = make_article()
    must = make_article(
        is_for_all=False, target_ids=frozenset({people.school}), must_read_by=today()
    )
    assert log_in(people.tor).post(f"/nyheter/{plain}/lest").status == 409
    assert log_in(people.ingrid).post(f"/nyheter/{must}/lest").status == 404
    # Its editor reads it, but is not asked.
    assert log_in(people.eva).post(f"/nyheter/{must}/lest").status == 403
    with app.app_context():
        assert db.session.execute(select(ArticleReceipt)).all() == []


def test_coverage_is_seen_by_its_editors_for_all_and_by_leaders_for_their_own(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article(must_read_by=today())
    log_in(people.ingrid).post(f"/nyheter/{article_id}/lest")
    address = f"/nyheter/{article_id}/lest"
    editor, leader = log_in(people.eva).get(address), log_in(people.mona).get(address)
    assert f"1 av {len(cast.PERSONS)} har bekreftet" in editor.text
    assert "Tor Tveit" in editor.text
    assert "1 av 5 har bekreftet (20 %)" in leader.text
    assert "Jonas Berg" in leader.text
    for hidden in ("Tor Tveit", "Ingrid Solheim"):
        assert not leader.find(f"//a[text()='{hidden}']"), hidden
    ward = log_in(people.mona).get(f"{address}?enhet={people.ward}")
    assert "Jonas Berg" in ward.text
    assert "Vera Vik" not in ward.text
    assert log_in(people.tor).get(address).status == 403
    assert log_in(people.eva).get(f"/nyheter/{make_article()}/lest").status == 404


def test_day_before_the_article_is_out_is_refused_and_the_text_kept(
    people: cast.Cast, log_in: LogIn
) -> None:
    """IN-05"""
    typed = {
        "title": "T",
        "lead": "I",
        "body": "Beholdt",
        "owner_unit": str(people.strandheim),
        "reach": "all",
        "step": "publish",
        "must_read_by": "2020-01-01",
    }
    page = log_in(people.eva).post("/nyheter/skriv", typed)
    assert page.status == 422
    assert "kan ikke være før saken er publisert" in page.text
    assert page.find("//textarea[@name='body']")[0].text.strip() == "Beholdt"
