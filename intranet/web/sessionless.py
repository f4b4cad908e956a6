"""Pages for people who must not be known: no session, no person, no cookie, nothing in the logs.

A room makes its blueprint with `make_sessionless_blueprint`; everything else is done here, also for
addresses below its prefixes that are no page. Decides nothing about what the room does.
"""

from __future__ import annotations

import logging
import random
import threading
import time
import traceback
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, g, has_request_context, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Response

from intranet.core.errors import NotAllowed
from intranet.core.settings import get_settings
from intranet.core.text import _
from intranet.extensions import csrf

LANGUAGE_PARAMETER = "sprak"
FAULT_DELAY_HOURS = (2.0, 8.0)
_PREFIXES = "sessionless_prefixes"
_KNOWN = "intranet.is_sessionless"

log = logging.getLogger("intranet.sessionless")


def make_sessionless_blueprint(name: str, import_name: str, *prefixes: str) -> Blueprint:
    """Return a blueprint for pages below `prefixes` ("/meld-anonymt"), which it alone may use.

    A prefix that ends with "$" is that one page, and what lies below it is not.

    Its views are `@public`. Its forms carry no token (and say so: `data-sessionless`); where a
    sending comes from is checked instead. Links within it keep the language of the address.
    """
    blueprint = Blueprint(name, import_name)

    @blueprint.record_once
    def _remember(state: object) -> None:
        app = state.app  # type: ignore[attr-defined]
        app.extensions.setdefault(_PREFIXES, set()).update(prefixes)

    blueprint.before_request(refuse_foreign_sending)
    blueprint.url_defaults(_keep_language)
    csrf.exempt(blueprint)
    return blueprint


def is_sessionless() -> bool:
    """Whether this request is for a page that must not know who asks."""
    if not has_request_context():
        return False
    # A page asks some twenty times; its path stays the same.
    environ = request.environ
    known: bool | None = environ.get(_KNOWN)
    if known is None:
        known = environ[_KNOWN] = _is_below(current_app, request.path)
    return known


def asked_language() -> str:
    """Return the language that the address names, unchecked; nothing when it names none."""
    return request.args.get(LANGUAGE_PARAMETER, "")


def refuse_foreign_sending() -> None:
    """Refuse a form that another site sends; the browser says so itself, no session needed.

    `Sec-Fetch-Site` is in every browser since 2023, but only over https. Without it the origin must
    be ours; a page without referrer gives "null", which is believed only where there is no https.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        is_own = site == "same-origin"
    else:
        origin = request.headers.get("Origin", "null")
        is_own = origin in _own_origins() or (origin == "null" and not get_settings().is_https)
    if not is_own:
        raise NotAllowed(_("Skjemaet må sendes fra denne siden. Åpne siden på nytt og prøv igjen."))


class Bucket:
    """How often something may be done in this process, by all together: knows no address.

    `capacity` at once, then one each `seconds`. Nothing about who took is kept.
    """

    def __init__(self, capacity: int, seconds: float) -> None:
        self.capacity, self.seconds = capacity, seconds
        self.left = float(capacity)
        self._seen = time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take one; False when there is none left just now."""
        with self._lock:
            moment = time.monotonic()
            self.left = min(self.capacity, self.left + (moment - self._seen) / self.seconds)
            self._seen = moment
            if self.left < 1:
                return False
            self.left -= 1
            return True


def describe_fault(error: BaseException) -> str:
    """Return what kind of error it was and where in the code; none of its words, which may hold
    what somebody wrote."""
    kinds: list[str] = []
    each: BaseException | None = error
    while each is not None and len(kinds) < 5:
        kinds.append(type(each).__name__)
        each = each.__cause__ or each.__context__
    places = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)[-8:]
    ]
    return f"{' < '.join(kinds)} at {' > '.join(places)}"


def log_fault_later(error: BaseException) -> None:
    """Tell the operators of a crash, some random hours from now: its moment would tell of a person.

    Kept in memory only; a restart before then loses it.
    """
    hours = random.SystemRandom().uniform(*FAULT_DELAY_HOURS)
    text = describe_fault(error)
    timer = threading.Timer(hours * 3600, lambda: log.error("a page failed earlier: %s", text))
    timer.daemon = True
    timer.start()


class _Sessions(SecureCookieSessionInterface):
    """The cookie's session, which below the prefixes is neither read nor written."""

    # Made once for the application's key: to make one costs as much as to read a cookie with it.
    _serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and reads the cookie."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return None there: Flask then gives a session that refuses to be written and is never
        sent."""
        if _is_below(app, request.path):
            return None
        return super().open_session(app, request)


class _Silence(logging.Filter):
    """Lets nothing through while a sessionless page is made: its moment is a secret too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record may be written."""
        return not is_sessionless()


def install(app: Flask) -> None:
    """Take over sessions and answers below the prefixes; called after all rooms are in."""
    app.session_interface = _Sessions()
    app.before_request_funcs.setdefault(None, []).insert(0, _know_nobody)
    app.after_request(_leave_no_trace)
    app.jinja_env.globals["is_sessionless"] = is_sessionless
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "intranet"]
    for name in names:
        logger = logging.getLogger(name)
        if not any(isinstance(each, _Silence) for each in logger.filters):
            logger.addFilter(_Silence())


def _is_below(app: Flask, path: str) -> bool:
    prefixes = app.extensions.get(_PREFIXES, ())
    return any(
        path == prefix.removesuffix("$") or path.startswith(f"{prefix}/") for prefix in prefixes
    )


def _know_nobody() -> None:
    if is_sessionless():
        g.viewer = None


def _leave_no_trace(response: Response) -> Response:
    if is_sessionless():
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers.remove("Set-Cookie")
        response.headers.remove("X-Request-Id")
    return response


def _keep_language(_endpoint: str, values: dict[str, object]) -> None:
    language = asked_language() if is_sessionless() else ""
    if language.isascii() and language.isalpha() and len(language) == 2:
        values.setdefault(LANGUAGE_PARAMETER, language)


def _own_origins() -> set[str]:
    parts = urlsplit(get_settings().base_url)
    return {f"{parts.scheme}://{parts.netloc}", request.host_url.rstrip("/")}
