"""The names of everything that the audit records: noun.past. Pure."""

from __future__ import annotations

from enum import StrEnum


class AuditEvent(StrEnum):
    """One value per kind of event, grouped by room."""

    # audit
    AUDIT_VERIFIED = "audit.verified"
    # login
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGIN_THROTTLED = "login.throttled"
    LOGGED_OUT = "login.ended"
    SESSION_ENDED = "session.ended"
    BREAK_GLASS_CREATED = "break_glass.created"
    BREAK_GLASS_USED = "break_glass.used"
    # people
    DIRECTORY_SYNCED = "directory.synced"
    DIRECTORY_SYNC_REFUSED = "directory.refused"
    PERSON_DEACTIVATED = "person.deactivated"
    PERSON_REACTIVATED = "person.reactivated"
    ROLE_GRANTED = "role.granted"
    ROLE_REVOKED = "role.revoked"
    STAND_IN_SET = "stand_in.set"
    STAND_IN_ENDED = "stand_in.ended"
    # home
    PREFERENCES_CHANGED = "preferences.changed"
    PAGE_PROBLEM_REPORTED = "page_problem.reported"
    # news
    ARTICLE_WRITTEN = "article.written"
    ARTICLE_EDITED = "article.edited"
    ARTICLE_PUBLISHED = "article.published"
    ARTICLE_WITHDRAWN = "article.withdrawn"
    # vacancies
    VACANCY_WRITTEN = "vacancy.written"
    VACANCY_EDITED = "vacancy.edited"
    VACANCY_PUBLISHED = "vacancy.published"
    VACANCY_WITHDRAWN = "vacancy.withdrawn"
