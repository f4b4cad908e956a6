"""Editors write, edit, publish and withdraw news; what they typed is never lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from intranet.audit.models import AuditEntry
from intranet.core.actor import SYSTEM
from intranet.core.clock import now
from intranet.core.errors import NotAllowed
from intranet.core.files import path_of
from intranet.core.models import StoredFile
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.news.actions.write import edit_article, write_article
from intranet.news.contents import ArticleContents
from intranet.news.models import Article, ArticleRevision
from intranet.news.queries.articles import get_article
from tests import browser, cast
from tests.news.conftest import MakeArticle, flood_bytes, picture_bytes

LogIn = Callable[[int], browser.Browser]
SCRIPTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7 * 7 }}{% raw %}",
    "</title><svg onload=alert(1)>",
]


def typed(people: cast.Cast, **changes: Any) -> dict[str, Any]:
    """What an editor types, valid by default."""
    return {
        "title": "Nytt skolebygg åpner i januar",
        "lead": "Elever og ansatte flytter inn etter jul.",
        "body": "## Flytting\n\nTa med *egne* ting.",
        "owner_unit": str(people.strandheim),
        "reach": "all",
        "step": "publish",
        **changes,
    }


def stored(app: Flask) -> list[Article]:
    with app.app_context():
        return list(db.session.execute(select(Article).order_by(Article.id)).scalars())


def test_editor_publishes_an_article_that_everybody_reads(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    page = log_in(people.eva).post("/nyheter/skriv", typed(people))
    assert page.heading == "Nytt skolebygg åpner i januar"
    (article,) = stored(app)
    shown = log_in(people.tor).get(f"/nyheter/{article.id}")
    assert shown.find("//h2[text()='Flytting']")
    assert shown.find("//em[text()='egne']")
    with app.app_context():
        events = db.session.execute(select(AuditEntry.event)).scalars().all()
        assert {"article.written", "article.published"} <= set(events)


def test_editor_chooses_roles_and_a_category_and_finds_them_chosen(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    editor = log_in(people.eva)
    chosen = {"reach": "units", "target_roles": "leader", "category": "staff"}
    page = editor.post("/nyheter/skriv", typed(people, **chosen))
    assert "Ledere" in page.text
    assert "Lønn og personal" in page.text
    (article,) = stored(app)
    form = editor.get(f"/nyheter/{article.id}/rediger").form()
    assert {name: form[name] for name in chosen} == chosen
    form |= {"reach": "all", "category": "", "step": "save"}
    assert editor.post(f"/nyheter/{article.id}/rediger", form).status == 200
    assert log_in(people.tor).get(f"/nyheter/{article.id}").status == 200


@pytest.mark.parametrize("name", ["tor", "mona", "kaja", "hanne", "adam"])
def test_person_who_is_no_editor_can_neither_open_the_form_nor_send_it(
    name: str, app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article()
    person = log_in(people.ids[name])
    assert person.get("/nyheter/skriv").status == 403
    assert person.post("/nyheter/skriv", typed(people)).status == 403
    for address in ("rediger", "publiser", "trekk"):
        assert person.post(f"/nyheter/{article_id}/{address}", typed(people)).status == 403
    assert len(stored(app)) == 1


def test_editor_cannot_write_for_or_change_another_units_article(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """AZ-21: the unit is chosen from those that the editor has."""
    theirs = make_article(owner_unit_id=people.school)
    editor = log_in(people.eva)
    assert editor.post("/nyheter/skriv", typed(people, owner_unit=people.school)).status == 422
    assert editor.post(f"/nyheter/{theirs}/rediger", typed(people, version=1)).status == 403
    assert editor.post(f"/nyheter/{theirs}/trekk").status == 403
    contents = ArticleContents("T", "I", "", people.school)
    with app.app_context():
        viewer = cast.viewer(people.eva)
        with pytest.raises(NotAllowed):
            write_article(contents, actor=viewer)


def test_chief_executive_edits_every_units_news(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article()
    page = log_in(people.ragnhild).get(f"/nyheter/{article_id}/rediger")
    assert page.status == 200


def test_field_that_the_form_does_not_have_is_ignored(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """AZ-21"""
    extra = {"state": "withdrawn", "author_id": "1", "created_at": "2020-01-01", "id": "77"}
    log_in(people.eva).post("/nyheter/skriv", typed(people, step="save", **extra))
    (article,) = stored(app)
    assert (article.id, article.state, article.author_id) == (1, "draft", people.eva)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Skriv en tittel."),
        ({"title": "x" * 121}, "høyst 120 tegn"),
        ({"lead": ""}, "Skriv en ingress"),
        ({"lead": "x" * 301}, "høyst 300 tegn"),
        ({"body": "x" * 50_001}, "for lang"),
        ({"reach": "units"}, "Velg minst én enhet"),
        ({"expire_at": "2020-01-01T10:00"}, "utløpe etter"),
        (
            {"publish_at": "2090-01-02T10:00", "expire_at": "2090-01-01T10:00"},
            "utløpe etter",
        ),
        ({"owner_unit": str(2**70)}, ""),
        ({"reach": "units", "targets": str(2**70)}, ""),
        ({"publish_at": "i morgen"}, ""),
        ({"category": "tull"}, ""),
        ({"reach": "units", "target_roles": "whistleblowing_recipient"}, ""),
        ({"title": "a\x00b"}, "ikke kan lagres"),
    ],
)
def test_article_with_a_fault_comes_back_with_the_message_and_the_text(
    changes: dict[str, Any], message: str, app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """IN-05, IN-07, IN-08"""
    kept = "Denne teksten har jeg brukt lang tid på."
    page = log_in(people.eva).post("/nyheter/skriv", {**typed(people, body=kept), **changes})
    assert page.status == 422
    assert message in page.text
    assert page.find("//div[@data-error-summary]")
    if "body" not in changes:
        assert page.find("//textarea[@name='body']")[0].text.strip() == kept
    assert stored(app) == []


def test_half_a_character_is_stored_as_something_that_can_be_read_again(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """IN-06: a lone surrogate, as some phones send a cut emoji."""
    title = "Sol \ud83d her".encode("utf-8", "surrogatepass")
    page = log_in(people.eva).post("/nyheter/skriv", typed(people, title=title))
    assert page.status == 200
    (article,) = stored(app)
    assert article.title.encode("utf-8").startswith(b"Sol ")
    assert page.heading == article.title


def test_article_sent_twice_is_kept_once(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    """CC-04"""
    editor = log_in(people.eva)
    key = editor.get("/nyheter/skriv").form()["send_key"]
    pages = [editor.post("/nyheter/skriv", typed(people, send_key=key)) for _ in range(3)]
    assert {page.status for page in pages} == {200}
    assert len(stored(app)) == 1


def test_preview_shows_the_article_and_keeps_nothing(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    page = log_in(people.eva).post("/nyheter/skriv", typed(people, step="preview"))
    assert page.status == 200
    assert page.find("//section[contains(@class, 'article--preview')]//h2[text()='Flytting']")
    assert page.find("//textarea[@name='lead']")[0].text.strip().startswith("Elever")
    assert stored(app) == []


def test_second_editor_gets_409_with_the_own_text_and_the_others(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """CC-02: the version that the form showed decides, not the one read when it comes back."""
    article_id = make_article()
    first, second = log_in(people.eva), log_in(people.ragnhild)
    address = f"/nyheter/{article_id}/rediger"
    opened = [person.get(address).form() for person in (first, second)]
    saved = first.post(address, {**opened[0], "body": "Evas tekst", "step": "save"})
    assert saved.status == 200
    lost = second.post(address, {**opened[1], "body": "Ragnhilds tekst", "step": "save"})
    assert lost.status == 409
    assert lost.find("//textarea[@name='body']")[0].text.strip() == "Ragnhilds tekst"
    assert "Evas tekst" in lost.text
    assert "Eva Åsen" in lost.text
    assert stored(app)[0].body == "Evas tekst"
    again = second.post(address, {**lost.form(), "step": "save"})
    assert again.status == 200
    assert stored(app)[0].body == "Ragnhilds tekst"


def test_history_keeps_what_the_article_once_said(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article(body="Først")
    editor = log_in(people.eva)
    for text in ("Så", "Til slutt"):
        form = editor.get(f"/nyheter/{article_id}/rediger").form()
        page = editor.post(f"/nyheter/{article_id}/rediger", {**form, "body": text, "step": "save"})
        assert page.status == 200
    with app.app_context():
        rows = db.session.execute(
            select(ArticleRevision.number, ArticleRevision.body).order_by(ArticleRevision.number)
        ).all()
        assert [tuple(row) for row in rows] == [(1, "Først"), (2, "Så"), (3, "Til slutt")]
    assert "Utgave 3" in page.text
    assert "Utgave 3" not in log_in(people.tor).get(f"/nyheter/{article_id}").text


def test_form_shows_and_stores_norwegian_wall_clock_time(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    editor = log_in(people.eva)
    editor.post("/nyheter/skriv", typed(people, publish_at="2090-07-01T08:30"))
    (article,) = stored(app)
    assert article.publish_at == datetime(2090, 7, 1, 6, 30, tzinfo=UTC)
    assert editor.get("/nyheter/1/rediger").form()["publish_at"] == "2090-07-01T08:30"
    assert log_in(people.tor).get("/nyheter/1").status == 404


def test_withdrawn_article_can_be_published_again_by_its_editor(
    people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    article_id = make_article()
    editor, reader = log_in(people.eva), log_in(people.tor)
    editor.post(f"/nyheter/{article_id}/trekk")
    assert reader.get(f"/nyheter/{article_id}").status == 404
    assert editor.post(f"/nyheter/{article_id}/trekk").status == 409
    assert editor.post(f"/nyheter/{article_id}/publiser").status == 200
    assert reader.get(f"/nyheter/{article_id}").status == 200
    assert editor.post(f"/nyheter/{article_id}/publiser").status == 409


def test_correcting_a_published_article_keeps_its_moment_and_an_expired_one_stays_expired(
    app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle, at: Any
) -> None:
    start = now()
    live = make_article()
    expired = make_article(expire_at=start.replace(second=0, microsecond=0) + timedelta(hours=1))
    before = {article.id: article.publish_at for article in stored(app)}
    at(start + timedelta(days=1))
    editor = log_in(people.eva)
    for article_id in (live, expired):
        form = editor.get(f"/nyheter/{article_id}/rediger").form()
        form |= {"title": "Rettet", "step": "save"}
        page = editor.post(f"/nyheter/{article_id}/rediger", form)
        assert (page.status, page.heading) == (200, "Rettet")
    after = {article.id: article.publish_at for article in stored(app)}
    assert all(abs(after[i] - before[i]) < timedelta(minutes=1) for i in before)
    assert log_in(people.tor).get(f"/nyheter/{expired}").status == 404


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_in_any_field_is_harmless_on_every_page_that_shows_it(
    script: str, app: Flask, people: cast.Cast, log_in: LogIn, make_article: MakeArticle
) -> None:
    """IN-01: article, list, form, preview, conflict; the browser of the tests finds inline code."""
    article_id = make_article(
        title=script, lead=script, body=script, picture=picture_bytes((40, 20)), picture_alt=script
    )
    editor = log_in(people.eva)
    form = editor.get(f"/nyheter/{article_id}/rediger").form()
    pages = [
        editor.get(f"/nyheter/{article_id}"),
        editor.get("/nyheter"),
        editor.get(f"/nyheter/{article_id}/rediger"),
        editor.post(f"/nyheter/{article_id}/rediger", {**form, "step": "preview"}),
        editor.post(f"/nyheter/{article_id}/rediger", {**form, "version": "0", "step": "save"}),
    ]
    assert [page.status for page in pages] == [200, 200, 200, 200, 409]
    for page in pages:
        assert not page.find("//main//script | //main//img[@src='x'] | //main//svg[@onload]")
        assert "7 * 7" in page.text or "7 * 7" not in script
    assert pages[0].heading == script


def test_picture_is_made_small_and_loses_what_the_phone_wrote_in_it(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "HemmeligTelefon"
    exif[0x0112] = 6  # On its side: the viewer turns it.
    photo = picture_bytes((3000, 1500), exif=exif)
    assert b"HemmeligTelefon" in photo
    page = log_in(people.eva).post(
        "/nyheter/skriv",
        typed(people, picture=(io.BytesIO(photo), "IMG_1.JPG"), picture_alt="Skolen"),
        content_type="multipart/form-data",
    )
    assert page.find("//img[@alt='Skolen']")
    (article,) = stored(app)
    with app.app_context():
        for file_id, longest in ((article.picture_id, 1600), (article.thumbnail_id, 640)):
            path = path_of(db.session.get_one(StoredFile, file_id))
            assert b"HemmeligTelefon" not in Path(path).read_bytes()
            with Image.open(path) as picture:
                assert picture.format == "WEBP"
                assert picture.size == (longest // 2, longest)
    assert (article.picture_width, article.picture_height) == (800, 1600)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x.svg"),
        (b"<script>alert(1)</script>", "x.jpg"),
        (b"", "x.png"),
        (picture_bytes((64, 32))[:300], "x.jpg"),
        (flood_bytes(), "flood.png"),
        (b"%PDF-1.4", "x.pdf"),
    ],
)
def test_file_that_is_no_usable_picture_is_refused_and_the_text_kept(
    content: bytes, name: str, app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    """FI-03, FI-07"""
    page = log_in(people.eva).post(
        "/nyheter/skriv",
        typed(people, picture=(io.BytesIO(content), name), picture_alt="x"),
        content_type="multipart/form-data",
    )
    assert page.status == 422
    assert page.find("//*[@id='picture-error']")
    assert "Ta med *egne* ting." in page.find("//textarea[@name='body']")[0].text
    assert stored(app) == []


def test_picture_without_words_is_refused(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    page = log_in(people.eva).post(
        "/nyheter/skriv",
        typed(people, picture=(io.BytesIO(picture_bytes((64, 32))), "x.jpg")),
        content_type="multipart/form-data",
    )
    assert page.status == 422
    assert "Beskriv bildet" in page.text
    assert stored(app) == []


def test_new_picture_takes_the_old_ones_place_and_its_files(
    app: Flask, people: cast.Cast, make_article: MakeArticle
) -> None:
    article_id = make_article(picture=picture_bytes((64, 32)), picture_alt="x")
    with app.app_context():
        with transaction():
            article = get_article(article_id)
            contents = ArticleContents("T", "I", "", people.strandheim)
            edit_article(
                article, contents, version=article.version, actor=SYSTEM, removes_picture=True
            )
        assert db.session.execute(select(func.count(StoredFile.id))).scalar_one() == 0
        assert get_article(article_id).picture_id is None
