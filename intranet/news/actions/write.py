"""An article is written and edited. Never commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from intranet.audit.events import AuditEvent
from intranet.core.actor import Actor
from intranet.core.clock import now
from intranet.core.errors import InvalidInput, SomeoneElseWasFirst
from intranet.core.files import discard_file, record_file
from intranet.core.models import StoredFile
from intranet.core.text import _, _l
from intranet.extensions import db
from intranet.news.actions.permits import allow, record_on, tell_search
from intranet.news.actions.reading import move_reminders
from intranet.news.contents import ArticleContents, Fault, find_fault
from intranet.news.models import Article, ArticleRevision, ArticleRoleTarget, ArticleTarget
from intranet.news.pictures import ReceivedPicture
from intranet.news.queries.articles import find_article_by_key, target_ids_of, target_roles_of
from intranet.news.visibility import ArticleState

FAULTS = {
    Fault.TITLE_MISSING: _l("Skriv en tittel."),
    Fault.TITLE_LONG: _l("Tittelen kan ha høyst 120 tegn."),
    Fault.LEAD_MISSING: _l("Skriv en ingress: to setninger om hva saken betyr for leseren."),
    Fault.LEAD_LONG: _l("Ingressen kan ha høyst 300 tegn."),
    Fault.BODY_LONG: _l("Teksten er for lang. Del den i flere saker."),
    Fault.ALT_MISSING: _l("Beskriv bildet for dem som ikke ser det."),
    Fault.ALT_LONG: _l("Beskrivelsen av bildet kan ha høyst 200 tegn."),
    Fault.NO_TARGET: _l("Velg minst én enhet eller rolle, eller velg «Alle ansatte»."),
    Fault.NOTE_LONG: _l("Skriv kortere: høyst 200 tegn."),
    Fault.READ_BY_PAST: _l("Fristen for å lese kan ikke være før saken er publisert."),
    Fault.EXPIRES_FIRST: _l("Saken må utløpe etter at den er publisert, og ikke i fortiden."),
}
# What the history keeps; who reads the audit sees only which fields changed.
_FIELDS = (
    "title", "lead", "body", "picture_alt", "owner_unit_id", "is_for_all", "publish_at",
    "expire_at", "is_pinned", "category", "is_shared", "must_read_by", "allows_comments",
    "former_rules",
)  # fmt: skip


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
    allow(actor, contents.owner_unit_id)
    check_contents(contents, has_picture=picture is not None)
    article = Article(state=ArticleState.DRAFT, author_id=actor.id, send_key=send_key)
    _fill(article, contents, actor)
    _set_picture(article, picture, False, actor)
    db.session.add(article)
    db.session.flush()
    _set_targets(article, contents)
    keep_revision(article)
    record_on(AuditEvent.ARTICLE_WRITTEN, article, actor=actor)
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
    allow(actor, article.owner_unit_id)
    allow(actor, contents.owner_unit_id)
    if article.version != version:
        raise SomeoneElseWasFirst(_("Noen andre lagret saken mens du skrev."), field="version")
    has_picture = picture is not None or (article.picture_id is not None and not removes_picture)
    check_contents(contents, has_picture=has_picture, article=article)
    changed = change_article(article, contents, actor, picture, removes_picture)
    keep_revision(article)
    tell_search(article)
    record_on(AuditEvent.ARTICLE_EDITED, article, actor=actor, changed=changed)


def change_article(
    article: Article,
    contents: ArticleContents,
    actor: Actor,
    picture: ReceivedPicture | None = None,
    removes_picture: bool = False,
) -> list[str]:
    """Write the contents in and return the names of what changed. The caller has asked who may."""
    before = {name: getattr(article, name) for name in _FIELDS}
    targets = _targets_of(article.id)
    _fill(article, contents, actor)
    _set_picture(article, picture, removes_picture, actor)
    _set_targets(article, contents)
    db.session.flush()
    changed = [name for name in _FIELDS if getattr(article, name) != before[name]]
    if "must_read_by" in changed and article.must_read_by is not None:
        move_reminders(article)
    changed += ["targets"] if _targets_of(article.id) != targets else []
    changed += ["picture"] if picture is not None or removes_picture else []
    return changed


def differs(article: Article, contents: ArticleContents) -> bool:
    """Whether the contents say anything else than the article does."""
    if contents.is_for_all:
        targets: tuple[frozenset[int], frozenset[str]] = (frozenset(), frozenset())
    else:
        targets = contents.target_ids, contents.target_roles
    return targets != _targets_of(article.id) or any(
        getattr(article, name) != getattr(contents, name) for name in _FIELDS
    )


def check_contents(
    contents: ArticleContents, *, has_picture: bool, article: Article | None = None
) -> None:
    """Raise InvalidInput that names the field when the contents do not make an article."""
    at = now()
    if article is not None and contents.expire_at == article.expire_at and article.expire_at:
        # An expired article can be corrected without being made to live again.
        at = min(at, article.expire_at - timedelta(microseconds=1))
    if article is not None and contents.must_read_by == article.must_read_by:
        # What was set before is not judged anew when its day has passed.
        contents = replace(contents, must_read_by=None)
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


def _targets_of(article_id: int) -> tuple[frozenset[int], frozenset[str]]:
    return target_ids_of(article_id), target_roles_of(article_id)


def _set_targets(article: Article, contents: ArticleContents) -> None:
    units = frozenset() if contents.is_for_all else contents.target_ids
    roles = frozenset() if contents.is_for_all else contents.target_roles
    kept_units, kept_roles = _targets_of(article.id)
    for table, column, gone in (
        (ArticleTarget, ArticleTarget.unit_id, kept_units - units),
        (ArticleRoleTarget, ArticleRoleTarget.role, kept_roles - roles),
    ):
        if gone:
            db.session.execute(
                delete(table).where(
                    table.article_id == article.id, column.in_(sorted(gone, key=str))
                )
            )
    db.session.add_all(
        ArticleTarget(article_id=article.id, unit_id=unit_id)
        for unit_id in sorted(units - kept_units)
    )
    db.session.add_all(
        ArticleRoleTarget(article_id=article.id, role=role) for role in sorted(roles - kept_roles)
    )


def keep_revision(article: Article) -> None:
    """Keep what the article says now as its newest edition."""
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
