"""Turns a Word file into Markdown and pictures in the limited child; decides not who sees it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

from intranet.core.errors import InvalidInput
from intranet.core.file_store import make_temporary
from intranet.core.file_types import is_old_office
from intranet.core.file_words import say_reason
from intranet.core.files import ReceivedFile, receive_upload, refuse_harmful
from intranet.core.sandbox import FileRefused, run_task
from intranet.core.text import _

WORKER = Path(__file__).with_name("sandbox_convert.py")
LONGEST_HEAD = 8 * 1024 * 1024
# Nobody waits at a page: a long file on a busy machine gets its time.
WALL_SECONDS = 90.0
# What pictures in Word files are, by their first bytes; drawings (EMF, WMF) are none of these.
_PICTURES = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png", b"RIFF": "webp"}


@dataclass(frozen=True)
class Picture:
    """A picture of the text, received; `mark` is what stands for its address in the Markdown."""

    mark: str
    received: ReceivedFile


@dataclass(frozen=True)
class Converted:
    """A Word file as Markdown. `notes` are words for what could not be taken along."""

    markdown: str
    pictures: tuple[Picture, ...]
    notes: tuple[str, ...]


def convert_word(path: Path, *, with_pictures: bool = True) -> Converted:
    """Return the Word file at `path` as Markdown, its pictures received like uploads.

    In the text a picture's address is its mark, for the caller to replace; one that could not be
    kept has its alternative text left in its place. Raises `InvalidInput(field="file")` that says
    why a file is refused. Without pictures nothing is kept on disk.
    """
    head, rest = _ask_child(path)
    markdown, notes = str(head["markdown"]).replace("\x00", ""), set(map(str, head["notes"]))
    pictures = []
    place = 0
    for number, size in enumerate(map(int, head["pictures"]), start=1):
        data = rest[place : place + size]
        place += size
        mark = f"picture:{number}"
        received = _receive(data, number) if with_pictures else None
        if received is not None:
            pictures.append(Picture(mark, received))
        elif with_pictures or _extension(data) is None:
            notes.add("picture_lost")
            markdown = without_picture(markdown, mark)
    return Converted(markdown, tuple(pictures), tuple(sorted(notes)))


def without_picture(markdown: str, mark: str) -> str:
    """Return the text with the picture's alternative text in its place."""
    end = f"]({mark})"
    before, found, after = markdown.partition(end)
    if not found:
        return markdown
    start = before.rindex("![")
    words = before[start + 2 :]
    return before[:start] + (f"({words})" if words else "") + after


def _ask_child(path: Path) -> tuple[dict[str, list[int] | list[str] | str], bytes]:
    result = make_temporary()
    try:
        with path.open("rb") as file:
            if is_old_office(file.read(8)):
                raise InvalidInput(
                    _(
                        "Filen er beskyttet med passord eller lagret i et gammelt format. "
                        "Lagre den på nytt."
                    ),
                    field="file",
                )
        refuse_harmful(path)
        with path.open("rb") as source, result.open("wb") as target:
            run_task("convert-docx", source, target, seconds=WALL_SECONDS, worker=WORKER)
        with result.open("rb") as made:
            head = json.loads(made.readline(LONGEST_HEAD))
            return head, made.read()
    except FileRefused as refused:
        raise InvalidInput(say_reason(refused.reason), field="file") from refused
    except ValueError as error:
        raise InvalidInput(say_reason("too_long"), field="file") from error
    finally:
        result.unlink(missing_ok=True)


def _extension(data: bytes) -> str | None:
    return next((kind for head, kind in _PICTURES.items() if data.startswith(head)), None)


def _receive(data: bytes, number: int) -> ReceivedFile | None:
    kind = _extension(data)
    if kind is None:
        return None
    try:
        return receive_upload(io.BytesIO(data), f"bilde-{number}.{kind}", allowed={kind})
    except InvalidInput:
        return None
