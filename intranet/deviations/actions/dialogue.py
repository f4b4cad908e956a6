"""What is said in a case: messages, replies, internal notes and files. Never commits."""

from __future__ import annotations

from intranet.core.actor import Actor, Viewer
from intranet.core.errors import InvalidInput
from intranet.core.files import ReceivedFile, record_file
from intranet.core.text import _
from intranet.deviations.actions.handle import tell_reporter
from intranet.deviations.actions.steps import check_step, complete_step, shown_number, tell
from intranet.deviations.models import DeviationEntry, DeviationFile
from intranet.deviations.queries.cases import Case
from intranet.deviations.queries.routes import receivers_of
from intranet.deviations.workflow import Step
from intranet.extensions import db


def send_message(case: Case, text: str, *, actor: Viewer) -> None:
    """Write to the reporter, who is told; the handler may, also after the case has ended."""
    check_step(case, Step.MESSAGE, actor=actor)
    _demand(text)
    entry = complete_step(case, Step.MESSAGE, actor=actor, text=text)
    tell_reporter(case.deviation, entry, actor=actor)


def send_reply(case: Case, text: str, *, actor: Viewer) -> None:
    """Write to the handler; the reporter may, also while somebody closes the case (CC-05)."""
    check_step(case, Step.REPLY, actor=actor)
    _demand(text)
    entry = complete_step(case, Step.REPLY, actor=actor, text=text)
    tell_handler_of_news(case, entry, actor)


def write_note(case: Case, text: str, *, actor: Viewer) -> None:
    """Write an internal note that the reporter never sees; handler and leaders above may."""
    check_step(case, Step.NOTE, actor=actor)
    _demand(text)
    complete_step(case, Step.NOTE, actor=actor, text=text)


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


def _demand(text: str) -> None:
    if not text.strip():
        raise InvalidInput(_("Skriv en melding."), "text")
