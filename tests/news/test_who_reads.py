"""Who may read which article: by page, list, front page, picture and search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.actor import Role
from intranet.core.clock import now
from intranet.core.keyset import PageRequest
from intranet.extensions import db
from intranet.news.commands import follow_clock
from intranet.news.contents import Category
from intranet.news.models import Article, ArticleClock
from intranet.news.policy import can_read_article
from intranet.news.queries import articles, front_page, visible
from intranet.news.queries.lists import list_articles_for
from intranet.news.search_source import NewsSource
from intranet.news.visibility import ArticleFacts
from intranet.people.models import RoleGrant, Unit
from intranet.search.models import PendingEntry
from tests import browser, cast
from tests.news.conftest import MakeArticle, picture_bytes

LogIn = Callable[[int], browser.Browser]
HIDDEN = ["draft", "scheduled", "expired", "withdrawn"]


def test_predicate_and_sql_agree_for_everybody_and_every_article(
    app: Flask, people: cast.Cast, in_each_phase: Any
) -> None:
    in_each_phase()
    in_each_phase(is_for_all=False, target_ids=frozenset({people.strandheim}))
    in_each_phase(is_for_all=False, target_ids=frozenset({people.education, people.home_care}))
    in_each_phase(owner_unit_id=people.education, is_shared=True)
    in_each_phase(is_for_all=False, target_roles=frozenset({"hr", "leader"}))
    with app.app_context():
        db.session.add(RoleGrant(person_id=people.nils, role=Role.EDITOR, unit_id=people.health))
        db.session.add(RoleGrant(person_id=people.petter, role=Role.EDITOR, unit_id=None))
        db.session.commit()
        at = now()
        rows = db.session.execute(
            select(Article, Unit.path).join(Unit, Unit.id == Article.owner_unit_id)
        ).all()
        facts = {
            article.id: ArticleFacts(
                article.state, article.publish_at, article.expire_at, article.is_for_all,
                articles.target_ids_of(article.id), path, articles.target_roles_of(article.id),
                article.is_shared,
            )
            for article, path in rows
        }  # fmt: skip
        assert len(facts) == 25
        for name in cast.PERSONS:
            viewer = cast.viewer(people.ids[name])
            by_sql = db.session.execute(
                select(Article.id)
                .join(Unit, Unit.id == Article.owner_unit_id)
                .where(visible.visible_to(viewer, at))
            ).scalars()
            by_predicate = {i for i, f in facts.items() if can_read_article(viewer, f, at)}
            assert set(by_sql) == by_predicate, name


@pytest.mark.parametrize("phase", HIDDEN)
def test_article_that_is_not_live_is_hidden_from_readers_by_address_list_and_search(
    phase: str, app: Flask, people: cast.Cast, log_in: LogIn, in_each_phase: Any
) -> None:
    """AZ-25"""
    article_id = in_each_phase(title="Bare " + phase)[phase]
    reader = log_in(people.tor)
    assert reader.get(f"/nyheter/{article_id}").status == 404
    assert f"/nyheter/{article_id}" not in reader.get("/nyheter").links()
    for address in ("/rediger", "/bilde/stor"):
        assert reader.get(f"/nyheter/{article_id}{address}").status in (403, 404)
    with app.app_context():
        viewer = cast.viewer(people.tor)
        assert article_id not in [row.id for row in front_page.front_page_rows(viewer)]
        assert f"nyhet/{article_id}" not in {entry.key for entry in NewsSource().entries()}
        assert NewsSource().load([f"nyhet/{article_id}"]) == {}
        assert list(NewsSource().entries_for([f"nyhet/{article_id}"])) == []


@pytest.mark.parametrize("phase", HIDDEN)
def test_editor_of_the_unit_sees_what_readers_do_not(
    phase: str, people: cast.Cast, log_in: LogIn, in_each_phase: Any
) -> None:
    article_id = in_each_phase()[phase]
    page = log_in(people.eva).get(f"/nyheter/{article_id}")
    assert page.status == 200
    assert "bare redaktører" in page.text.lower()


def test_hidden_article_answers_like_one_that_does_not_exist(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """AZ-07"""
    draft = make_article(published=False)
    reader = log_in(people.tor)
    hidden, missing = reader.get(f"/nyheter/{draft}"), reader.get("/nyheter/999999")
    assert hidden.status == missing.status == 404
    assert hidden.heading == missing.heading


@pytest.mark.parametrize("number", ["0", str(2**31), str(2**63), str(2**70)])
def test_number_that_no_article_can_have_is_not_found(
    number: str, people: cast.Cast, log_in: LogIn
) -> None:
    """IN-08"""
    reader = log_in(people.tor)
    for address in ("", "/bilde/stor"):
        assert reader.get(f"/nyheter/{number}{address}").status == 404
    assert reader.get(f"/nyheter?enhet={number}&neste={number}-{number}").status == 200


def test_article_for_a_unit_reaches_its_departments_and_nobody_else(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """AZ-17: page, list, front page and the tokens of search."""
    article_id = make_article(is_for_all=False, target_ids=frozenset({people.strandheim}))
    address = f"/nyheter/{article_id}"
    for name, sees in (("ingrid", True), ("mona", True), ("nils", False), ("tor", False)):
        person = log_in(people.ids[name])
        assert (person.get(address).status == 200) is sees, name
        assert (address in person.get("/nyheter").links()) is sees, name
        with app.app_context():
            viewer = cast.viewer(people.ids[name])
            (entry,) = NewsSource().entries()
            assert (not viewer.audience.isdisjoint(entry.audience)) is sees, name
            assert bool(front_page.front_page_rows(viewer)) is sees, name


def test_article_for_a_role_reaches_its_holders_and_the_units_that_are_named_beside_it(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """AZ-17: page, list, archive, front page and the tokens of search."""
    article_id = make_article(
        is_for_all=False,
        target_ids=frozenset({people.school}),
        target_roles=frozenset({"leader", "safety_representative"}),
    )
    address = f"/nyheter/{article_id}"
    seen = {"mona": True, "vera": True, "tor": True, "ingrid": False, "petter": False}
    for name, sees in seen.items():
        person = log_in(people.ids[name])
        assert (person.get(address).status == 200) is sees, name
        for page in ("/nyheter", "/nyheter/arkiv", "/"):
            assert (address in person.get(page).links()) is sees, (name, page)
        with app.app_context():
            viewer = cast.viewer(people.ids[name])
            (entry,) = NewsSource().entries()
            assert (not viewer.audience.isdisjoint(entry.audience)) is sees, name


def test_archive_is_narrowed_by_year_category_and_unit(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle, at: Any
) -> None:
    # Half an hour into the year in Norway is still last year by the universal clock.
    at(datetime(2025, 12, 31, 22, 59, tzinfo=UTC))
    old = make_article(title="Gammel", category=Category.STAFF)
    at(datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    new = make_article(title="Ny", category=Category.STAFF)
    other = make_article(title="Annen", category=Category.WORK, owner_unit_id=people.school)
    reader = log_in(people.tor)

    def found(query: str) -> set[int]:
        page = reader.get(f"/nyheter/arkiv?{query}")
        assert page.status == 200
        return {i for i in (old, new, other) if f"/nyheter/{i}" in page.links()}

    assert found("") == {old, new, other}
    assert found("aar=2025") == {old}
    assert found("aar=2026") == {new, other}
    assert found("kategori=staff") == {old, new}
    assert found("aar=2026&kategori=staff") == {new}
    assert found(f"aar=2026&enhet={people.education}") == {other}
    # What we did not offer narrows nothing.
    assert found("aar=1999&kategori=tull&enhet=99999999999") == {old, new, other}
    assert log_in(people.tor).get("/nyheter/arkiv").find("//option[text()='2025']")


def test_editor_finds_expired_articles_in_the_archive_and_readers_do_not(
    people: cast.Cast, log_in: LogIn, in_each_phase: Any
) -> None:
    expired = in_each_phase()["expired"]
    assert f"/nyheter/{expired}" in log_in(people.eva).get("/nyheter/arkiv").links()
    assert f"/nyheter/{expired}" not in log_in(people.tor).get("/nyheter/arkiv").links()


def test_picture_is_only_for_those_who_may_read_the_article(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """AZ-05, AZ-29: also with the other person's validators."""
    article_id = make_article(
        is_for_all=False, target_ids=frozenset({people.strandheim}),
        picture=picture_bytes(), picture_alt="Sprøyte",
    )  # fmt: skip
    address = f"/nyheter/{article_id}/bilde/stor"
    shown = log_in(people.ingrid).get(address)
    assert shown.status == 200
    assert shown.response.mimetype == "image/webp"
    etag = shown.response.headers.get("ETag", '"x"')
    refused = log_in(people.tor).get(address, headers={"If-None-Match": etag, "Range": "bytes=0-9"})
    assert refused.status == 404


def test_picture_is_kept_by_the_browser_only_under_the_address_of_its_content(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article(picture=picture_bytes((64, 32)), picture_alt="x")
    reader = log_in(people.tor)
    (address,) = reader.get(f"/nyheter/{article_id}").find("//img[@alt='x']/@src")
    kept = reader.get(address).response.headers["Cache-Control"]
    assert kept.startswith("private")
    assert "immutable" in kept
    bare = reader.get(address.partition("?")[0]).response.headers["Cache-Control"]
    assert bare == "no-store"
    assert reader.get(f"/nyheter/{article_id}/bilde/enorm").status == 404


def test_scheduled_article_appears_and_expires_by_itself_also_in_the_search(
    app: Flask, people: cast.Cast, make_article: MakeArticle, at: Any
) -> None:
    """AZ-25"""
    start = now()
    article_id = make_article(
        publish_at=start + timedelta(hours=1), expire_at=start + timedelta(hours=3)
    )
    key = f"nyhet/{article_id}"

    def changes_after(hours: float) -> tuple[int, list[str]]:
        at(start + timedelta(hours=hours))
        with app.app_context():
            db.session.execute(PendingEntry.__table__.delete())
            db.session.commit()
            passed = follow_clock()
            assert follow_clock() == 0
            keys = db.session.execute(select(PendingEntry.doc_key)).scalars().all()
            found = [entry.key for entry in NewsSource().entries_for([key])]
            assert passed == len(keys)
            return passed, found

    assert changes_after(0.5) == (0, [])
    assert changes_after(1) == (1, [key])
    assert changes_after(2) == (0, [key])
    assert changes_after(3) == (1, [])
    with app.app_context():
        assert db.session.execute(select(ArticleClock.article_id)).all() == []


def test_list_shows_every_article_once_forwards_and_backwards(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle, at: Any
) -> None:
    start = now()
    made = []
    for number in range(45):
        # Three at each moment: the id decides among them.
        at(start + timedelta(minutes=number // 3))
        made.append(make_article(title=f"Sak {number}"))
    newest_first = sorted(made, reverse=True)
    reader = log_in(people.tor)

    def shown(page: browser.Page) -> list[int]:
        links = [link.removeprefix("/nyheter/") for link in page.links()]
        return [int(link) for link in links if link.isdigit()]

    pages = [reader.get("/nyheter")]
    while older := pages[-1].find("//a[@rel='next']/@href"):
        pages.append(reader.get(older[0]))
    assert [i for page in pages for i in shown(page)] == newest_first
    assert [len(shown(page)) for page in pages] == [20, 20, 5]
    back = reader.get(pages[2].find("//a[@rel='prev']/@href")[0])
    assert shown(back) == shown(pages[1])
    assert not pages[0].find("//a[@rel='prev']")
    assert not reader.get(back.find("//a[@rel='prev']/@href")[0]).find("//a[@rel='prev']")


@pytest.mark.parametrize("place", ["", "x", "1-", "-1", "1-1-1", "9" * 30 + "-1", "１-２", "1e3-1"])
def test_place_in_the_list_that_we_did_not_write_gives_the_first_page(
    place: str, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article()
    page = log_in(people.tor).get("/nyheter", query_string={"neste": place})
    assert page.status == 200
    assert f"/nyheter/{article_id}" in page.links()


def test_sector_shows_the_articles_of_its_units_and_departments(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    ours = make_article(owner_unit_id=people.ward)
    theirs = make_article(owner_unit_id=people.school)
    links = log_in(people.tor).get(f"/nyheter?enhet={people.health}").links()
    assert f"/nyheter/{ours}" in links
    assert f"/nyheter/{theirs}" not in links


def test_pages_keep_their_ceilings_of_queries(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """performance.md: an article 4 and a list 5, beside the session, its person and the counts."""
    ids = [make_article(picture=picture_bytes((64, 32)), picture_alt="x") for _ in range(3)]
    reader = log_in(people.ingrid)

    def own(page: browser.Page) -> int:
        return sum("article" in statement for statement in page.queries)

    article, listing = reader.get(f"/nyheter/{ids[0]}"), reader.get("/nyheter")
    assert own(article) == 1
    assert own(listing) == 1
    with app.app_context():
        viewer = cast.viewer(people.ingrid)
        with browser.counted_queries() as seen:
            list_articles_for(viewer, PageRequest())
        assert len(seen) == 1
