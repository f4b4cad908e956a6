"""What was typed when the session ended: sealed into the login form, back in its form afterwards.

Every form of a logged-in page carries a signed mark of whose page it is. A sending that comes too
late is sealed together with that mark; only the same person gets it opened, after a new login.
Nothing is stored before that person has logged in, and a GET changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from itsdangerous import BadData, Signer, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from intranet.core.clock import now
from intranet.web.access import PUBLIC, declared_access, find_viewer
from intranet.web.redirects import internal_url

OWNER_FIELD = "owner"
FORM_FIELD = "form_name"
# In the address of the page that shows the text again.
KEY_ARGUMENT = "gjenopprett"
SEAL_SECONDS = 12 * 3600
# Never kept: secrets, and what belongs to the lost session.
_NOT_SEALED = frozenset({"csrf_token", "password", "username", OWNER_FIELD, FORM_FIELD})
_LARGEST = 400_000


@dataclass(frozen=True)
class KeptText:
    """One sending that came too late: whose, from which page, to which endpoint, and its fields."""

    person_id: int
    page: str
    endpoint: str
    form_name: str
    fields: list[list[str]]


Finder = Callable[[str], KeptText | None]
Keeper = Callable[[KeptText], str]


def set_keeper(app: Flask, find: Finder, keep: Keeper) -> None:
    """Tell how kept text is found again and kept; the login room calls this once."""
    app.extensions["intranet_kept_text"] = (find, keep)


def form_owner() -> str:
    """Return the signed mark of whose page this is; nothing on pages that are open to everybody.

    Open pages hold the anonymous forms, which must carry no trace of who is logged in.
    """
    if request.endpoint is None or declared_access(current_app, request.endpoint) == PUBLIC:
        return ""
    viewer = find_viewer()
    return "" if viewer is None else _signer().sign(str(viewer.id)).decode()


def seal_sending() -> str:
    """Return this request's form as sealed text, or nothing when it is not known whose it is."""
    kept = read_sending()
    if kept is None:
        return ""
    sealed = _sealer().dumps(asdict(kept))
    text = sealed if isinstance(sealed, str) else sealed.decode()
    return text if len(text) <= _LARGEST else ""


def read_sending() -> KeptText | None:
    """Return what this POST carries, with the person whose page it came from."""
    try:
        owner = _signer().unsign(request.form.get(OWNER_FIELD, "")).decode()
        fields = [
            [name, value]
            for name, value in request.form.items(multi=True)
            if name not in _NOT_SEALED and "\x00" not in value
        ]
    except (BadData, HTTPException, UnicodeError):
        return None
    return KeptText(
        person_id=int(owner),
        page=_page_of_form(),
        endpoint=request.endpoint or "",
        form_name=request.form.get(FORM_FIELD, "")[:80],
        fields=fields,
    )


def open_seal(sealed: str) -> KeptText | None:
    """Return what was sealed; None when it is not ours or too old."""
    try:
        fields, sealed_at = _sealer().loads(sealed, return_timestamp=True)
        # From the future where the clock was set back: as good as new.
        if now() - sealed_at > timedelta(seconds=SEAL_SECONDS):
            return None
        return KeptText(**fields)
    except (BadData, TypeError):
        return None


def keep_text(kept: KeptText) -> str:
    """Keep the text for its person, and return the address that shows it in its form."""
    _find, keep = current_app.extensions["intranet_kept_text"]
    return cast(str, keep(kept))


def restored() -> KeptText | None:
    """Return the text that this page's address asks for; only one's own, else None."""
    key = request.args.get(KEY_ARGUMENT, "")
    if not key or request.method != "GET":
        return None
    if "restored_text" not in g:
        find, _keep = current_app.extensions["intranet_kept_text"]
        g.restored_text = find(key)
    return cast("KeptText | None", g.restored_text)


def restored_fields(form_name: str) -> MultiDict[str, str] | None:
    """Return what was typed in the form of this name, to be shown in it again."""
    kept = restored()
    if kept is None or kept.form_name != form_name:
        return None
    return MultiDict([(name, value) for name, value in kept.fields])


def _page_of_form() -> str:
    """Return the page that the form stood on: where it came from, or what lies nearest above."""
    front = internal_url("")
    came_from = urlsplit(request.headers.get("Referer", ""))
    paths = []
    if came_from.netloc == request.host:
        paths.append(came_from.path)
    parts = request.path.rstrip("/").split("/")
    paths += ["/".join(parts[:length]) for length in range(len(parts), 1, -1)]
    return next((path for path in paths if internal_url(path) not in (front, "")), front)


def _signer() -> Signer:
    return Signer(cast("Any", current_app.secret_key), salt="form-owner")


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(cast("Any", current_app.secret_key), salt="kept-text")
