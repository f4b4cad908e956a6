"""One safe connection to one of the servers: TLS with checked certificate, no referrals, time-outs.

Never logs or raises a connection object: its repr shows the password.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

import ldap3
from ldap3.core.exceptions import LDAPException

from intranet.people.directory.answers import POLICY_CONTROL, SUCCESS, TROUBLE, refusal_in
from intranet.people.directory.entries import Entry
from intranet.people.directory.ldap_settings import LdapSettings
from intranet.people.snapshot import DirectoryFailed, LoginRefusal

log = logging.getLogger("intranet.directory")

BAD_FOR_SECONDS = 60.0
PAGED_RESULTS = "1.2.840.113556.1.4.319"
MOST_PAGES = 10_000
_POLICY_REQUEST = [(POLICY_CONTROL, False, None)]


class ServerMemory:
    """Which servers failed lately, shared by the threads of a process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[str, float] = {}
        self._lock = threading.Lock()

    def order(self, urls: tuple[str, ...]) -> list[str]:
        """Return the servers worth trying now, in order.

        When all failed lately, only the one that failed longest ago: a login must say within
        seconds that the directory is down, and the first one back is found in the same minute.
        """
        with self._lock:
            limit = self._clock() - BAD_FOR_SECONDS
            good = [url for url in urls if self._failed.get(url, limit - 1) < limit]
            return good or [min(urls, key=lambda url: self._failed[url])]

    def note_failure(self, url: str) -> None:
        """Remember that the server failed just now."""
        with self._lock:
            self._failed[url] = self._clock()

    def note_success(self, url: str) -> None:
        """Forget the server's failures."""
        with self._lock:
            self._failed.pop(url, None)


class CheckedTls(ldap3.Tls):
    """TLS where Python itself checks chain, dates and name, before anything is said.

    ldap3's own check of the name came from a part of Python that is gone, knows no addresses from
    3.12 on, and leaves the socket open when it refuses.
    """

    def __init__(self, host: str, ca_file: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED, ca_certs_file=ca_file or None)
        self._host = host

    def wrap_socket(self, connection: ldap3.Connection, do_handshake: bool = False) -> None:
        """Replace the connection's socket by an encrypted one, or raise."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.ca_certs_file:
            context.load_verify_locations(self.ca_certs_file)
        else:
            context.load_default_certs()
        connection.socket = context.wrap_socket(
            connection.socket, server_hostname=self._host, do_handshake_on_connect=True
        )


class Session:
    """An open connection, bound as the service account."""

    def __init__(self, connection: ldap3.Connection, settings: LdapSettings) -> None:
        self._connection = connection
        self._settings = settings

    def search(
        self, base: str, search_filter: str, attributes: list[str], *, only_base: bool = False
    ) -> list[Entry]:
        """Return all entries, page by page. Raises DirectoryFailed unless every page was whole."""
        entries: list[Entry] = []
        cookie: bytes | None = None
        for _page in range(MOST_PAGES):
            result, response = self._page(base, search_filter, attributes, cookie, only_base)
            # A size limit (4) leaves rows behind that look like an answer: all or nothing.
            if result["result"] != SUCCESS:
                raise DirectoryFailed(
                    f"søk under {base}: {result['description']} ({result['result']})"
                )
            entries += [
                Entry.of(str(row["dn"]), row["raw_attributes"])
                for row in response
                if row["type"] == "searchResEntry"
            ]
            cookie = _next_cookie(result)
            if not cookie:
                return entries
        raise DirectoryFailed(f"søk under {base}: for mange sider")

    def _page(
        self,
        base: str,
        search_filter: str,
        attributes: list[str],
        cookie: bytes | None,
        only_base: bool,
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        try:
            _ok, result, response, _request = self._connection.search(
                base,
                search_filter,
                ldap3.BASE if only_base else ldap3.SUBTREE,
                attributes=attributes,
                paged_size=self._settings.page_size,
                paged_cookie=cookie,
            )
        except (LDAPException, OSError) as error:
            raise DirectoryFailed(f"søk under {base}: {_describe(error)}") from None
        return result, response or []

    def try_password(self, dn: str, password: bytes) -> LoginRefusal | None:
        """Bind as the DN that the server itself gave; return why not, or None when let in.

        Afterwards the connection is that person's, or nobody's, until `become_service` again.
        """
        if not dn.strip() or not password:
            return LoginRefusal.WRONG
        result = self._rebind(dn, password)
        if result["result"] in TROUBLE:
            raise DirectoryFailed(f"innlogging: {result['description']}")
        return refusal_in(result)

    def become_service(self) -> None:
        """Bind as the service account again."""
        result = self._rebind(self._settings.bind_dn, self._settings.secret.encode("utf-8"))
        if result["result"] != SUCCESS:
            raise DirectoryFailed(f"tjenestekontoen slipper ikke inn: {result['description']}")

    def _rebind(self, dn: str, password: bytes) -> dict[str, Any]:
        try:
            self._connection.rebind(
                user=dn,
                password=password,
                authentication=ldap3.SIMPLE,
                read_server_info=False,
                controls=_POLICY_REQUEST,
            )
        except (LDAPException, OSError) as error:
            raise DirectoryFailed(f"innlogging: {_describe(error)}") from None
        finally:
            self._connection.password = None
        return dict(self._connection.result)

    def certificate(self) -> dict[str, Any]:
        """Return the server's checked certificate as the ssl module describes it."""
        return dict(self._connection.socket.getpeercert() or {})


def _next_cookie(result: dict[str, Any]) -> bytes | None:
    control = (result.get("controls") or {}).get(PAGED_RESULTS)
    return control["value"]["cookie"] or None if control else None


def _describe(error: BaseException) -> str:
    """Return the kind of error and its text; the texts hold addresses and reasons, no secrets."""
    return f"{type(error).__name__}: {error}"[:300]


@contextmanager
def open_session(settings: LdapSettings, memory: ServerMemory) -> Iterator[Session]:
    """Yield a session on the first server that answers; always closed again.

    Raises DirectoryFailed when none does, or when the service account is refused.
    """
    connection = _first_that_answers(settings, memory)
    try:
        yield Session(connection, settings)
    finally:
        _close(connection)


def _first_that_answers(settings: LdapSettings, memory: ServerMemory) -> ldap3.Connection:
    reasons = []
    for url in memory.order(settings.urls):
        try:
            connection = connect(settings, url)
        except DirectoryFailed as error:
            memory.note_failure(url)
            reasons.append(f"{url}: {error}")
            log.warning("directory server failed: %s: %s", url, error)
            continue
        memory.note_success(url)
        return connection
    raise DirectoryFailed("; ".join(reasons))


def connect(settings: LdapSettings, url: str) -> ldap3.Connection:
    """Return a connection to this server, encrypted, checked and bound. Raises DirectoryFailed.

    Nothing is sent before TLS stands: a refused StartTLS ends the attempt.
    """
    if not settings.bind_dn.strip() or not settings.secret:
        raise DirectoryFailed("tjenestekontoen mangler navn eller passord")
    connection = _unbound(settings, url)
    try:
        connection.open(read_server_info=False)
        if urlsplit(url).scheme == "ldap" and not connection.start_tls(read_server_info=False):
            raise DirectoryFailed("tjeneren nekter StartTLS")
        connection.bind(read_server_info=False)
    except (LDAPException, OSError) as error:
        _close(connection)
        raise DirectoryFailed(_describe(error)) from None
    except DirectoryFailed:
        _close(connection)
        raise
    connection.password = None
    result = connection.result
    if result["result"] != SUCCESS:
        _close(connection)
        raise DirectoryFailed(f"tjenestekontoen slipper ikke inn: {result['description']}")
    return connection


def _unbound(settings: LdapSettings, url: str) -> ldap3.Connection:
    parts = urlsplit(url)
    encrypted = parts.scheme == "ldaps"
    server = ldap3.Server(
        str(parts.hostname),
        port=parts.port or (636 if encrypted else 389),
        use_ssl=encrypted,
        tls=CheckedTls(str(parts.hostname), settings.ca_file),
        # Reading the schema costs more than the login and changes the types of the values.
        get_info=ldap3.NONE,
        allowed_referral_hosts=[],
        connect_timeout=settings.connect_timeout,
    )
    return ldap3.Connection(
        server,
        user=settings.bind_dn,
        # Bytes, or ldap3 rewrites some characters; its stubs know only text.
        password=cast(str, settings.secret.encode("utf-8")),
        authentication=ldap3.SIMPLE,
        client_strategy=ldap3.SAFE_SYNC,
        auto_bind=ldap3.AUTO_BIND_NONE,
        auto_referrals=False,
        # Groups that come in pieces are put together by us: ldap3 takes a failed piece for the end,
        # and stumbles over pieces where it fills in empty attributes.
        auto_range=False,
        return_empty_attributes=False,
        read_only=True,
        receive_timeout=settings.receive_timeout,
        check_names=False,
        raise_exceptions=False,
    )


def _close(connection: ldap3.Connection) -> None:
    """Free the socket: unbind does, except when TLS failed halfway."""
    try:
        connection.unbind()
    except (LDAPException, OSError) as error:
        log.info("directory connection did not close cleanly: %s", type(error).__name__)
    if connection.socket is not None:
        connection.socket.close()
