"""Sends stored files so that no browser runs them; may not decide who gets them."""

from __future__ import annotations

import logging

from flask import Response, send_file

from intranet.core.errors import NotFound, NotPossibleNow
from intranet.core.files import is_picture, path_of
from intranet.core.held_files import is_held
from intranet.core.models import ScanState, StoredFile
from intranet.core.text import _

log = logging.getLogger(__name__)


def _refuse_held(stored: StoredFile) -> None:
    if not is_held(stored):
        return
    if stored.scan == ScanState.HARMFUL:
        raise NotPossibleNow(
            _(
                "Virussjekken fant noe skadelig i filen «%(name)s». Den er fjernet.",
                name=stored.name,
            )
        )
    raise NotPossibleNow(
        _(
            "Filen «%(name)s» er ikke sjekket for virus ennå. Prøv igjen om litt.",
            name=stored.name,
        )
    )


def send_stored_file(stored: StoredFile, *, inline: bool = False) -> Response:
    """Return the file as a download under its shown name; the caller has asked its policy.

    `inline` shows it in the page, and only pictures that we drew ourselves obey. Nothing is cached
    and no part or ETag is answered, so that a right that ended has ended (AZ-29). A file that is
    gone from the disk raises `NotFound` and is logged as an error; the page's other files stay
    usable. A file that the virus scanner has not answered for is held: `NotPossibleNow`.
    """
    _refuse_held(stored)
    try:
        file = path_of(stored).open("rb")
    except FileNotFoundError:
        log.error("stored file %s is missing on disk", stored.id)
        raise NotFound(
            _(
                "Filen «%(name)s» ligger ikke lenger på serveren. Driften har fått beskjed. "
                "Spør den som la den ved om å legge den ved på nytt.",
                name=stored.name,
            )
        ) from None
    response = send_file(
        file,
        mimetype=stored.media_type,
        as_attachment=not (inline and is_picture(stored)),
        download_name=stored.name,
        conditional=False,
        etag=False,
        last_modified=None,
        max_age=None,
    )
    response.content_length = stored.size
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Accept-Ranges"] = "none"
    return response


def send_made_file(made: bytes, media_type: str, name: str) -> Response:
    """Send what was made for this request as a file that no cache keeps."""
    response = Response(made, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
