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
    PERSON_BLOCKED = "person.blocked"
    PERSON_UNBLOCKED = "person.unblocked"
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
    # library
    DOCUMENT_WRITTEN = "document.written"
    DOCUMENT_DRAFT_EDITED = "document.draft_edited"
    DOCUMENT_REVISION_STARTED = "document.revision_started"
    DOCUMENT_DRAFT_DROPPED = "document.draft_dropped"
    DOCUMENT_FILE_ATTACHED = "document.file_attached"
    DOCUMENT_FILE_REMOVED = "document.file_removed"
    DOCUMENT_SENT_TO_APPROVAL = "document.sent_to_approval"
    DOCUMENT_TAKEN_BACK = "document.taken_back"
    DOCUMENT_RETURNED = "document.returned"
    DOCUMENT_PUBLISHED = "document.published"
    DOCUMENT_REVIEWED = "document.reviewed"
    DOCUMENT_WITHDRAWN = "document.withdrawn"
    # deviations
    DEVIATION_REPORTED = "deviation.reported"
    DEVIATION_ACKNOWLEDGED = "deviation.acknowledged"
    DEVIATION_STARTED = "deviation.started"
    DEVIATION_ACTION_ADDED = "deviation.action_added"
    DEVIATION_ACTION_SETTLED = "deviation.action_settled"
    DEVIATION_EVALUATION_PLANNED = "deviation.evaluation_planned"
    DEVIATION_EVALUATED = "deviation.evaluated"
    DEVIATION_CLOSED = "deviation.closed"
    DEVIATION_REJECTED = "deviation.rejected"
    DEVIATION_REOPENED = "deviation.reopened"
    DEVIATION_NOT_SOLVED = "deviation.not_solved"
    DEVIATION_WITHDRAWN = "deviation.withdrawn"
    DEVIATION_FORWARDED = "deviation.forwarded"
    DEVIATION_LIFTED = "deviation.lifted"
    DEVIATION_MESSAGE_SENT = "deviation.message_sent"
    DEVIATION_REPLIED = "deviation.replied"
    DEVIATION_NOTED = "deviation.noted"
    DEVIATION_SEVERITY_CHANGED = "deviation.severity_changed"
    DEVIATION_CATEGORY_CHANGED = "deviation.category_changed"
    DEVIATION_CONCERNED_ADDED = "deviation.concerned_added"
    DEVIATION_FILE_ATTACHED = "deviation.file_attached"
    DEVIATION_REROUTED = "deviation.rerouted"
    DEVIATION_COPIED = "deviation.copied"
    DEVIATION_REMINDED = "deviation.reminded"
    DEVIATION_CLIMBED = "deviation.climbed"
    DEVIATION_COPIED_OUT = "deviation.copied_out"
    # laws
    LAW_IMPORT_STARTED = "law_import.started"
    LAW_IMPORT_FINISHED = "law_import.finished"
    LAW_IMPORT_REFUSED = "law_import.refused"
