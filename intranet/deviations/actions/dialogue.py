"""What is said in a case: messages, replies, internal notes and files. Never commits."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from intranet.core.actor import Actor, Viewer
from intranet.core.errors import InvalidInput
from intranet.core.files import ReceivedFile, record_file
from intranet.core.send_key import key_of_sending
from intranet.core.text import _
from intranet.deviations.actions.handle import tell_reporter
from intranet.deviations.actions.steps import check_step, complete_step, shown_number, tell
from intranet.deviations.models import DeviationEntry, DeviationFile
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.routes import receivers_of
from intranet.deviations.queries.sendings import has_sending
from intranet.deviations.workflow import Step
from intranet.extensions import db


def send_message(case: Case, text: str, *, actor: Viewer, send_key: str | None = None) -> bool:
    """Write to the reporter, who is told; the handler may, also after the case has ended.

    Here and below: the same sending again adds nothing (CC-04). Returns whether it is new.
    """
    entry = _say(case, Step.MESSAGE, text, actor, send_key)
    if entry is not None:
        tell_reporter(case.deviation, entry, actor=actor)
    return entry is not None


def send_reply(case: Case, text: str, *, actor: Viewer, send_key: str | None = None) -> bool:
    """Write to the handler; the reporter may, also while somebody closes the case (CC-05)."""
    entry = _say(case, Step.REPLY, text, actor, send_key)
    if entry is not None:
        tell_handler_of_news(case, entry, actor)
    return entry is not None


def write_note(case: Case, text: str, *, actor: Viewer, send_key: str | None = None) -> bool:
    """Write an internal note that the reporter never sees; handler and leaders above may."""
    return _say(case, Step.NOTE, text, actor, send_key) is not None


def attach_file(
    case: Case, received: ReceivedFile, *, actor: Viewer, is_public: bool = False
) -> None:
    """Attach a file; reporter and handler may. The reporter's own are public to both."""
    check_step(case, Step.ATTACH_FILE, actor=actor)
    stored = record_file(received, actor=actor)
    is_reporter = actor.id == case.deviation.reporter_id
    db.session.add(
        DeviationFile(
            deviation_id=case.deviation.id,
            stored_file_id=stored.id,
            is_public=is_public or is_reporter,
            created_by=actor.id,
        )
    )
    entry = complete_step(
        case, Step.ATTACH_FILE, actor=actor, details={"file": stored.id}, name=received.name
    )
    # The story shows it to whom the file itself is shown.
    entry.is_public = is_public or is_reporter
    if is_reporter:
        tell_handler_of_news(case, entry, actor)
    db.session.flush()


def tell_handler_of_news(case: Case, entry: DeviationEntry, actor: Actor) -> None:
    """Tell who has the case that the reporter wrote."""
    tell(
        case.deviation,
        receivers_of(case.deviation),
        entry,
        _("Melderen har skrevet i avvik %(number)s", number=shown_number(case.deviation)),
        event="deviation.replied",
        actor=actor,
    )


def _say(
    case: Case, step: Step, text: str, actor: Viewer, send_key: str | None
) -> DeviationEntry | None:
    """Put the text in the talk; None when this sending is there already.

    What was taken is not refused the second time, whatever has become of the case meanwhile.
    """
    key = key_of_sending(send_key, step, text) if send_key else None
    case_id = case.deviation.id
    if key is not None and has_sending(case_id, actor.id, key):
        return None
    check_step(case, step, actor=actor)
    if not text.strip():
        raise InvalidInput(_("Skriv en melding."), "text")
    try:
        with db.session.begin_nested():
            return complete_step(case, step, actor=actor, text=text, send_key=key)
    except IntegrityError:
        # The other press of the same button was quicker.
        if key is None or not has_sending(case_id, actor.id, key):
            raise
        return None
