"""What is done with news: written, edited, published, withdrawn. Never commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import SYSTEM, Actor, Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.files import discard_file, record_file
from intranet.core.models import StoredFile
from intranet.core.text import _, _l
from intranet.extensions import db
from intranet.news.contents import ArticleContents, Fault, find_fault
from intranet.news.models import Article, ArticleClock, ArticleRevision, ArticleTarget
from intranet.news.pictures import ReceivedPicture
from intranet.news.policy import can_edit_article
from intranet.news.queries import find_article_by_key, target_ids_of
from intranet.news.visibility import ArticleState, Phase, next_change, phase
from intranet.people.queries.units import get_unit
from intranet.search.actions import mark_changed

FAULTS = {
    Fault.TITLE_MISSING: _l("Skriv en tittel."),
    Fault.TITLE_LONG: _l("Tittelen kan ha høyst 120 tegn."),
    Fault.LEAD_MISSING: _l("Skriv en ingress: to setninger om hva saken betyr for leseren."),
    Fault.LEAD_LONG: _l("Ingressen kan ha høyst 300 tegn."),
    Fault.BODY_LONG: _l("Teksten er for lang. Del den i flere saker."),
    Fault.ALT_MISSING: _l("Beskriv bildet for dem som ikke ser det."),
    Fault.ALT_LONG: _l("Beskrivelsen av bildet kan ha høyst 200 tegn."),
    Fault.NO_TARGET: _l("Velg minst én enhet, eller velg «Alle ansatte»."),
    Fault.EXPIRES_FIRST: _l("Saken må utløpe etter at den er publisert, og ikke i fortiden."),
}
# What the history keeps; who reads the audit sees only which fields changed.
_FIELDS = (
    "title", "lead", "body", "picture_alt", "owner_unit_id", "is_for_all", "publish_at",
    "expire_at", "is_pinned",
)  # fmt: skip


def doc_key(article_id: int) -> str:
    """Return the article's key in the search index."""
    return f"nyhet/{article_id}"


def write_article(
    contents: ArticleContents,
    *,
    actor: Actor,
    picture: ReceivedPicture | None = None,
    send_key: str | None = None,
) -> Article:
    """Keep a new draft. Editors of the owning unit or above may, and the chief executive.

    Sent twice with the same key it is kept once. Raises InvalidInput that names the field.
    """
    already = find_article_by_key(send_key) if send_key else None
    if already is not None:
        return already
    _allow(actor, contents.owner_unit_id)
    _check(contents, has_picture=picture is not None)
    article = Article(state=ArticleState.DRAFT, author_id=actor.id, send_key=send_key)
    _fill(article, contents, actor)
    _set_picture(article, picture, False, actor)
    db.session.add(article)
    db.session.flush()
    _set_targets(article, contents)
    _keep_revision(article)
    record(
        AuditEvent.ARTICLE_WRITTEN, actor=actor, subject="article", subject_id=article.id,
        unit_id=article.owner_unit_id,
    )  # fmt: skip
    return article


def edit_article(
    article: Article,
    contents: ArticleContents,
    *,
    version: int,
    actor: Actor,
    picture: ReceivedPicture | None = None,
    removes_picture: bool = False,
) -> None:
    """Change an article in any state; what it said before stays in its history.

    Editors of the owning unit may; to give it to another unit one must be an editor there too.
    `version` is the one that the form showed: raises SomeoneElseWasFirst when it is no longer so.
    """
    _allow(actor, article.owner_unit_id)
    _allow(actor, contents.owner_unit_id)
    if article.version != version:
        raise SomeoneElseWasFirst(_("Noen andre lagret saken mens du skrev."), field="version")
    has_picture = picture is not None or (article.picture_id is not None and not removes_picture)
    _check(contents, has_picture=has_picture, article=article)
    before = {name: getattr(article, name) for name in _FIELDS}
    targets = target_ids_of(article.id)
    _fill(article, contents, actor)
    _set_picture(article, picture, removes_picture, actor)
    _set_targets(article, contents)
    db.session.flush()
    _keep_revision(article)
    _tell_search(article)
    changed = [name for name in _FIELDS if getattr(article, name) != before[name]]
    changed += ["targets"] if target_ids_of(article.id) != targets else []
    changed += ["picture"] if picture is not None or removes_picture else []
    record(
        AuditEvent.ARTICLE_EDITED, actor=actor, subject="article", subject_id=article.id,
        unit_id=article.owner_unit_id, details={"changed": changed},
    )  # fmt: skip


def publish_article(article: Article, *, actor: Actor) -> None:
    """Let readers see it at its publishing moment, or now when there is none or it has passed.

    Its editors may. Raises NotPossibleNow when it is published already or has expired.
    """
    _allow(actor, article.owner_unit_id)
    at = now()
    if is_published(article):
        raise NotPossibleNow(_("Saken er allerede publisert."))
    if article.expire_at is not None and article.expire_at <= at:
        raise NotPossibleNow(_("Saken har utløpt. Endre utløpstiden før du publiserer den igjen."))
    article.state = ArticleState.PUBLISHED
    article.publish_at = max(article.publish_at or at, at)
    db.session.flush()
    _tell_search(article)
    record(
        AuditEvent.ARTICLE_PUBLISHED, actor=actor, subject="article", subject_id=article.id,
        unit_id=article.owner_unit_id,
        details={"publish_at": article.publish_at, "expire_at": article.expire_at},
    )  # fmt: skip


def is_published(article: Article) -> bool:
    """Whether readers see it now or will when its moment comes."""
    found = phase(article.state, article.publish_at, article.expire_at, now())
    return found in (Phase.LIVE, Phase.SCHEDULED)


def withdraw_article(article: Article, *, actor: Actor) -> None:
    """Take it away from readers at once; it stays with its editors, who may publish it again."""
    _allow(actor, article.owner_unit_id)
    if article.state == ArticleState.WITHDRAWN:
        raise NotPossibleNow(_("Saken er allerede trukket."))
    article.state = ArticleState.WITHDRAWN
    db.session.flush()
    _tell_search(article)
    record(
        AuditEvent.ARTICLE_WITHDRAWN, actor=actor, subject="article", subject_id=article.id,
        unit_id=article.owner_unit_id,
    )  # fmt: skip


def pass_moment(clock: ArticleClock) -> None:
    """Tell search that an article appeared or disappeared by the clock, and wind the clock on.

    The jobs process calls it for rows that are due; calling it twice changes nothing.
    """
    article = db.session.get_one(Article, clock.article_id)
    _tell_search(article)


def _allow(actor: Actor, unit_id: int) -> None:
    if actor is SYSTEM:
        return
    if not isinstance(actor, Viewer) or not can_edit_article(actor, get_unit(unit_id).path):
        raise NotAllowed(_("Du er ikke redaktør for denne enheten."))


def _check(contents: ArticleContents, *, has_picture: bool, article: Article | None = None) -> None:
    at = now()
    if article is not None and contents.expire_at == article.expire_at and article.expire_at:
        # An expired article can be corrected without being made to live again.
        at = min(at, article.expire_at - timedelta(microseconds=1))
    fault = find_fault(contents, has_picture=has_picture, at=at)
    if fault is not None:
        field, kind = fault
        raise InvalidInput(str(FAULTS[kind]), field=field)


def _fill(article: Article, contents: ArticleContents, actor: Actor) -> None:
    for name in _FIELDS:
        if name != "publish_at":
            setattr(article, name, getattr(contents, name))
    article.publish_at = _publishing_moment(article, contents.publish_at)
    article.changed_at = now()
    article.changed_by = actor.id


def _publishing_moment(article: Article, wanted: datetime | None) -> datetime | None:
    """A published article keeps the moment that readers saw, unless a new one is typed."""
    if wanted is None and article.state == ArticleState.PUBLISHED:
        return article.publish_at
    return wanted


def _set_picture(
    article: Article, picture: ReceivedPicture | None, removes: bool, actor: Actor
) -> None:
    if picture is None and not removes:
        return
    old = [file_id for file_id in (article.picture_id, article.thumbnail_id) if file_id is not None]
    article.picture_id = article.thumbnail_id = None
    article.picture_width = article.picture_height = 0
    if old:
        db.session.flush()
        for file_id in old:
            discard_file(db.session.get_one(StoredFile, file_id))
    if picture is not None:
        article.picture_id = record_file(picture.large, actor=actor).id
        article.thumbnail_id = record_file(picture.small, actor=actor).id
        article.picture_width, article.picture_height = picture.width, picture.height


def _set_targets(article: Article, contents: ArticleContents) -> None:
    wanted = frozenset() if contents.is_for_all else contents.target_ids
    kept = target_ids_of(article.id)
    gone = kept - wanted
    if gone:
        db.session.execute(
            delete(ArticleTarget).where(
                ArticleTarget.article_id == article.id, ArticleTarget.unit_id.in_(sorted(gone))
            )
        )
    for unit_id in sorted(wanted - kept):
        db.session.add(ArticleTarget(article_id=article.id, unit_id=unit_id))


def _keep_revision(article: Article) -> None:
    newest = db.session.execute(
        select(func.max(ArticleRevision.number)).where(ArticleRevision.article_id == article.id)
    ).scalar_one()
    db.session.add(
        ArticleRevision(
            article_id=article.id,
            number=(newest or 0) + 1,
            title=article.title,
            lead=article.lead,
            body=article.body,
            picture_alt=article.picture_alt,
            saved_at=article.changed_at,
            saved_by=article.changed_by,
        )
    )
    db.session.flush()


def _tell_search(article: Article) -> None:
    """Have it indexed as it is now, and again when the clock changes it."""
    mark_changed(doc_key(article.id))
    due_at = next_change(article.state, article.publish_at, article.expire_at, now())
    clock = db.session.get(ArticleClock, article.id)
    if due_at is None:
        if clock is not None:
            db.session.delete(clock)
    elif clock is None:
        db.session.add(ArticleClock(article_id=article.id, due_at=due_at))
    else:
        clock.due_at = due_at
    db.session.flush()
