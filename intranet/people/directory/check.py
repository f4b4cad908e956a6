"""Tries the directory step by step and tells IT in words what is right and what is not."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from intranet.core.clock import now
from intranet.people.directory.connection import ServerMemory, Session, connect, open_session
from intranet.people.directory.ldap_settings import LdapSettings
from intranet.people.roles import role_groups
from intranet.people.snapshot import (
    CheckLine,
    CheckState,
    DirectoryFailed,
    DirectorySnapshot,
    fold,
)

GOOD, WARNING, BAD = CheckState.GOOD, CheckState.WARNING, CheckState.BAD
SOON_DAYS = 30
MOST_SECONDS_OFF = 300
# A field that nobody has is a misspelt attribute; ldap3 answers it with silence.
SHOULD_HAVE_VALUES = ("given_name", "family_name", "title", "email")


def run_check(settings: LdapSettings, fetch: Callable[[], DirectorySnapshot]) -> list[CheckLine]:
    """Return one line for each thing tried; stops where nothing further can be tried."""
    lines: list[CheckLine] = []
    reached = False
    for url in settings.urls:
        found = list(_check_server(settings, url))
        lines += found
        reached = reached or found[-1].state is not BAD
    if not reached:
        return lines
    try:
        with open_session(settings, ServerMemory()) as session:
            lines += _check_clock(session)
        snapshot = fetch()
    except DirectoryFailed as error:
        return [*lines, CheckLine("Lese alt", BAD, str(error))]
    return [*lines, *_check_contents(settings, snapshot)]


def _check_server(settings: LdapSettings, url: str) -> Iterator[CheckLine]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_address(host):
        yield CheckLine(
            f"Navn {url}",
            WARNING,
            "IP-adresse: sertifikatet må nevne adressen. Bruk heller tjenerens navn.",
        )
    try:
        addresses = sorted(
            {str(row[4][0]) for row in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
        )
    except OSError as error:
        yield CheckLine(f"DNS {host}", BAD, str(error))
        return
    yield CheckLine(f"DNS {host}", GOOD, ", ".join(addresses))
    yield from _check_port(parts, settings)
    try:
        connection = connect(settings, url)
    except DirectoryFailed as error:
        yield CheckLine(f"TLS og tjenestekonto {url}", BAD, str(error))
        return
    try:
        yield _certificate_line(url, Session(connection, settings))
        yield CheckLine(f"Tjenestekonto {url}", GOOD, settings.bind_dn)
    finally:
        connection.unbind()


def _check_port(parts: SplitResult, settings: LdapSettings) -> Iterator[CheckLine]:
    port = parts.port or (636 if parts.scheme == "ldaps" else 389)
    try:
        socket.create_connection((parts.hostname, port), settings.connect_timeout).close()
        yield CheckLine(f"TCP {parts.hostname}:{port}", GOOD)
    except OSError as error:
        yield CheckLine(f"TCP {parts.hostname}:{port}", BAD, str(error))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _certificate_line(url: str, session: Session) -> CheckLine:
    ends_at = parsedate_to_datetime(session.certificate()["notAfter"]).astimezone(UTC)
    days = (ends_at - now()).days
    state = WARNING if days < SOON_DAYS else GOOD
    return CheckLine(f"Sertifikat {url}", state, f"gyldig til {ends_at:%d.%m.%Y} ({days} dager)")


def _check_clock(session: Session) -> Iterator[CheckLine]:
    """Compare clocks where the server tells its own (Active Directory's rootDSE)."""
    rows = session.search("", "(objectClass=*)", ["currentTime"], only_base=True)
    told = rows[0].first(["currentTime"]) if rows else ""
    if not told:
        return
    moment = datetime.strptime(told[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    off = abs((now() - moment).total_seconds())
    state = GOOD if off < MOST_SECONDS_OFF else WARNING
    yield CheckLine("Klokke", state, f"{off:.0f} sekunders avvik")


def _check_contents(settings: LdapSettings, snapshot: DirectorySnapshot) -> Iterator[CheckLine]:
    enabled = [person for person in snapshot.persons if person.is_enabled]
    yield CheckLine(
        "Personer",
        GOOD if enabled else BAD,
        f"{len(enabled)} i bruk, {len(snapshot.persons) - len(enabled)} deaktivert",
    )
    for name in SHOULD_HAVE_VALUES:
        if enabled and not any(getattr(person, name) for person in enabled):
            attributes = ", ".join(getattr(settings.attributes, name)) or "(ikke satt)"
            yield CheckLine(f"Attributt {name}", WARNING, f"tomt hos alle: {attributes}")
    taken: dict[str, int] = {}
    for person in enabled:
        taken[fold(person.username)] = taken.get(fold(person.username), 0) + 1
    twice = sorted(name for name, count in taken.items() if count > 1)
    if twice:
        yield CheckLine("Brukernavn", WARNING, f"{len(twice)} brukes av flere: {twice[:5]}")
    vacant = sum(unit.leader_key is None for unit in snapshot.units)
    yield CheckLine(
        "Enheter",
        GOOD if len(snapshot.units) > 1 else WARNING,
        f"{len(snapshot.units)} med ansatte, {vacant} uten leder",
    )
    yield CheckLine("Grupper", GOOD if snapshot.groups else WARNING, str(len(snapshot.groups)))
    yield from _check_roles(settings, snapshot)


def _check_roles(settings: LdapSettings, snapshot: DirectorySnapshot) -> Iterator[CheckLine]:
    for rule in settings.rules:
        found = role_groups(snapshot.groups, [rule])
        members = frozenset[str]().union(*(snapshot.groups[name] for name in found))
        state = GOOD if members else WARNING
        detail = f"{len(found)} grupper, {len(members)} personer" if found else "ingen slik gruppe"
        yield CheckLine(f"Rolle {rule.role} fra {rule.group}", state, detail)
