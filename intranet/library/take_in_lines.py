"""Documents from a former system, a line of the list at a time: judged, or judged and taken in.

Judging writes nothing. Each document that is taken in is one transaction, with what its line says;
killed in between, what is done is whole, and the next time goes on from there.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from intranet.core.actor import Actor, Viewer
from intranet.core.conversion import convert_word
from intranet.core.errors import InvalidInput
from intranet.core.file_types import extension_of
from intranet.core.file_words import UNREADABLE
from intranet.core.files import look_through, receive_upload, text_of_received
from intranet.core.transaction import transaction
from intranet.core.unpacking import Bundle, Member
from intranet.extensions import db
from intranet.library import policy
from intranet.library.actions.take_in import (
    Attachment,
    Brought,
    find_approval_fault,
    is_later,
    take_in_document,
    take_over,
)
from intranet.library.contents import BODY_LENGTH
from intranet.library.queries.take_in import Meant, Register, find_known
from intranet.library.take_in import (
    FAULTS,
    ListRow,
    Outcome,
    Remark,
    Say,
    find_row_faults,
    find_twice,
    match_file,
    path_key,
)
from intranet.library.take_in_models import TakeInLine

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Judged:
    """What becomes of a line, or would, and what is to be said of it."""

    row: ListRow
    outcome: Outcome
    remarks: tuple[Remark, ...] = ()
    sha256: str = ""
    document_id: int | None = None


@dataclass(frozen=True)
class _Looked:
    """A file as it was looked at: its text and files, or what is wrong with it."""

    body: str = ""
    files: tuple[Attachment, ...] = ()
    remarks: tuple[Remark, ...] = ()


class TakingIn:
    """One list with its files, by one who may, and who lets the documents apply, if anybody."""

    def __init__(
        self, rows: Iterable[ListRow], bundle: Bundle, *, actor: Actor, approver: Viewer | None
    ) -> None:
        """Read what the lines are held against. Raises InvalidInput for a hostile archive."""
        rows = list(rows)
        self._bundle = bundle
        self._actor = actor
        self._approver = approver
        self._register = Register()
        self._twice = find_twice(rows)
        self._members = list(bundle.members())
        self._by_name: dict[str, Member] = {}
        for member in self._members:
            for name in reversed(member.names):
                self._by_name[path_key(name)] = member
        self._seen: dict[str, int] = {}
        self._listed = {
            found.place for row in rows for found in self._members_of(row.file) if row.file
        }

    @property
    def unlisted(self) -> list[str]:
        """The files that no line names."""
        return [one.name for one in self._members if one.place not in self._listed]

    def remember(self, sha256: str, line: int) -> None:
        """Know a file that an earlier line means, when judging goes on from there."""
        self._seen.setdefault(sha256, line)

    def judge(self, row: ListRow) -> Judged:
        """Return what would become of the line; writes nothing."""
        return self._judge(row, keeps=False)[0]

    def take_in(self, row: ListRow, run_id: int) -> Judged:
        """Take the line's document in, if nothing keeps it out, and write down what became of it.

        One transaction; whatever was received on disk before one that failed is an orphan.
        """
        judged, brought = self._judge(row, keeps=True)
        try:
            with transaction():
                return self._keep(judged, brought, run_id)
        except IntegrityError:
            # Somebody else took the same one in meanwhile.
            known = find_known(row.number, judged.sha256)
            if known is None:
                raise
            with transaction():
                return self._keep(_known(row, known, judged.sha256), None, run_id)

    def _judge(self, row: ListRow, *, keeps: bool) -> tuple[Judged, Brought | None]:
        """Return what becomes of the line; with `keeps`, also what is to be taken in for it."""
        known = find_known(row.number, "")
        if known is not None:
            return _known(row, known, ""), None
        meant, member, faults = self._understand(row)
        sha256, looked = "", _Looked()
        with ExitStack() as stack:
            if member is not None:
                try:
                    path = stack.enter_context(self._bundle.opened(member))
                    sha256 = _digest(path)
                    known = find_known("", sha256)
                    if known is not None:
                        return _known(row, known, sha256), None
                    first = self._seen.setdefault(sha256, row.line)
                    if first != row.line:
                        faults.append(Remark(Say.FILE_TWICE, str(first)))
                except (InvalidInput, OSError) as error:
                    faults.append(_refused(error))
                else:
                    looked = _look_safely(path, member.name, keeps=keeps and not faults)
        remarks = tuple(dict.fromkeys([*faults, *looked.remarks]))
        if any(one.say in FAULTS for one in remarks) or meant is None or member is None:
            return Judged(row, Outcome.FAILED, remarks, sha256), None
        body = _without_title(looked.body, row.title)
        brought = Brought(row, meant, body, looked.files, member.name, sha256)
        return Judged(row, self._wanted(), remarks, sha256), brought

    def _keep(self, judged: Judged, brought: Brought | None, run_id: int) -> Judged:
        if brought is not None:
            known = find_known(brought.row.number, brought.sha256)
            if known is not None:
                judged = _known(judged.row, known, judged.sha256)
            else:
                document = take_in_document(brought, run_id=run_id, actor=self._actor)
                if self._approver is not None:
                    take_over(document, brought.meant, self._approver, actor=self._actor)
                judged = replace(judged, document_id=document.id)
        save_line(judged, run_id)
        return judged

    def _understand(self, row: ListRow) -> tuple[Meant | None, Member | None, list[Remark]]:
        faults = [*find_row_faults(row), *self._twice.get(row.line, [])]
        meant, unknown = self._register.understand(row)
        faults.extend(unknown)
        found = self._members_of(row.file) if row.file else []
        if row.file and len(found) != 1:
            faults.append(Remark(Say.FILE_SEVERAL if found else Say.FILE_ABSENT, row.file))
        if meant is not None:
            faults.extend(self._rights(meant))
        return meant, found[0] if len(found) == 1 else None, faults

    def _rights(self, meant: Meant) -> Iterable[Remark]:
        if isinstance(self._actor, Viewer) and not policy.can_take_in_for_unit(
            self._actor, meant.unit_path
        ):
            yield Remark(Say.UNIT_NOT_YOURS)
        if self._approver is not None:
            if is_later(meant.valid_from):
                yield Remark(Say.VALID_FROM_LATER)
            fault = find_approval_fault(meant, self._approver, actor=self._actor)
            if fault is not None:
                yield Remark(fault, self._approver.name)

    def _members_of(self, file: str) -> list[Member]:
        names = match_file(file, self._by_name)
        return list({self._by_name[name].place: self._by_name[name] for name in names}.values())

    def _wanted(self) -> Outcome:
        return Outcome.DRAFT if self._approver is None else Outcome.PUBLISHED


def save_line(judged: Judged, run_id: int) -> None:
    """Write down what became of a line, or would. Never commits."""
    db.session.execute(
        update(TakeInLine)
        .where(TakeInLine.run_id == run_id, TakeInLine.line == judged.row.line)
        .values(
            outcome=judged.outcome,
            remarks=[[one.say.value, one.about[:500]] for one in judged.remarks],
            sha256=judged.sha256,
            document_id=judged.document_id,
        )
        .execution_options(synchronize_session=False)
    )


def _known(row: ListRow, known: tuple[int, Remark], sha256: str) -> Judged:
    return Judged(row, Outcome.KNOWN, (known[1],), sha256, known[0])


def _look_safely(path: Path, name: str, *, keeps: bool) -> _Looked:
    try:
        return _look(path, name, keeps=keeps)
    except (InvalidInput, OSError) as error:
        return _Looked(remarks=(_refused(error),))
    except Exception:
        # One file that we do not understand must not keep the others out (CF-18).
        log.exception("a file of a former system could not be read")
        return _Looked(remarks=(Remark(Say.FILE_REFUSED, str(UNREADABLE)),))


def _look(path: Path, name: str, *, keeps: bool) -> _Looked:
    """Look a file through, and keep on disk what goes with its text only where that is asked.

    Raises InvalidInput for a file that is refused.
    """
    kind = extension_of(name)
    if kind == "docx":
        made = convert_word(path, with_pictures=keeps)
        files = tuple(Attachment(one.received, mark=one.mark) for one in made.pictures)
        return _Looked(made.markdown, files, (*_notes(made.notes), *_text_faults(made.markdown)))
    if kind != "pdf":
        return _Looked(remarks=(Remark(Say.FILE_KIND, kind),))
    files = ()
    with path.open("rb") as stream:
        if keeps:
            received = receive_upload(stream, name, allowed=("pdf",))
            text = text_of_received(received)
            files = (Attachment(received, text),)
        else:
            text = look_through(stream, name, allowed=("pdf",))
    return _Looked("", files, () if text.strip() else (Remark(Say.WITHOUT_TEXT),))


def _notes(words: Iterable[str]) -> list[Remark]:
    return [Remark(Say(word)) for word in words if word in set(Say)]


def _text_faults(body: str) -> list[Remark]:
    if len(body) > BODY_LENGTH:
        return [Remark(Say.TEXT_LONG)]
    return [] if body else [Remark(Say.TEXT_EMPTY)]


def _without_title(body: str, title: str) -> str:
    """Return the text without its first heading where that only says the title again."""
    first, _line, rest = body.partition("\n")
    is_title = first.startswith("#") and path_key(first.lstrip("# ").replace("\\", "")) == path_key(
        title
    )
    return rest.lstrip("\n") if is_title and rest.strip() else body


def _refused(error: InvalidInput | OSError) -> Remark:
    words = error.message if isinstance(error, InvalidInput) else UNREADABLE
    return Remark(Say.FILE_REFUSED, str(words))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
