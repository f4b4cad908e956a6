"""A sending with too large a file: its text is read all the same and shown in its form again.

Files are thrown away as they come, so that neither memory nor disk is filled (FI-06).
"""

from __future__ import annotations

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, MultipartDecoder, NeedData

# Longer than this, nobody waits for the answer; then the page only says that it was too large.
_LARGEST = 512 * 1024 * 1024
_CHUNK = 256 * 1024
_MOST_TEXT = 1_000_000
_MOST_PARTS = 500


def read_text_of(request: Request) -> bool:
    """Put the text fields of a sending that is over the limit in `request.form`.

    Returns whether that went well; afterwards `request.files` is empty. Reads the whole body, so
    that the browser has sent everything before it is answered.
    """
    length, most = request.content_length, request.max_content_length
    kind, options = parse_options_header(request.content_type)
    boundary = options.get("boundary", "")
    if length is None or most is None or not most < length <= _LARGEST:
        return False
    if kind != "multipart/form-data" or not boundary.isascii() or not boundary:
        return False
    try:
        pairs = _read_fields(request, boundary.encode("ascii"), length)
    except (ValueError, OSError, RequestEntityTooLarge):
        return False
    request.__dict__["form"] = ImmutableMultiDict(pairs)
    request.__dict__["files"] = ImmutableMultiDict()
    return True


def _read_fields(request: Request, boundary: bytes, left: int) -> list[tuple[str, str]]:
    decoder = MultipartDecoder(boundary, max_form_memory_size=_MOST_TEXT, max_parts=_MOST_PARTS)
    source = request.environ["wsgi.input"]
    pairs: list[tuple[str, str]] = []
    name: str | None = None
    held: list[bytes] = []
    while True:
        event = decoder.next_event()
        if isinstance(event, NeedData):
            chunk = source.read(min(_CHUNK, left)) if left else b""
            left -= len(chunk)
            # Nothing more though more was promised: the line was cut, and this is not a whole form.
            decoder.receive_data(chunk or None)
        elif isinstance(event, Epilogue):
            return pairs
        elif isinstance(event, Data):
            if name is not None:
                held.append(event.data)
                if not event.more_data:
                    pairs.append((name, b"".join(held).decode("utf-8", "replace")))
        else:
            name = event.name if isinstance(event, Field) else None
            held = []
