"""Reaching the servers: TLS, referrals, size limits, servers that are down or hang."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import ldap3
import pytest

from intranet.people.directory import connection
from intranet.people.directory.connection import BAD_FOR_SECONDS, ServerMemory
from intranet.people.directory.ldap import LdapDirectory
from intranet.people.directory.ldap_settings import DirectorySettingsError, read_ldap_settings
from intranet.people.snapshot import CheckState, DirectoryFailed, LoginRefusal, LoginRefused
from tests.people.conftest import directory_of
from tests.servers import openldap_data
from tests.servers.directory_data import PASSWORD, SERVICE_PASSWORD, Municipality
from tests.servers.openldap import OpenLdap
from tests.servers.postgresql import free_port


@contextmanager
def listener(answer: bytes = b"") -> Iterator[tuple[int, list[bytes]]]:
    """A server that writes down what it is sent, and gives each connection one answer."""
    heard: list[bytes] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.1)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    client, _address = server.accept()
                except TimeoutError:
                    continue
                with client:
                    client.settimeout(0.5)
                    try:
                        while data := client.recv(4096):
                            heard.append(data)
                            client.sendall(answer)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], heard
        finally:
            stop.set()
            thread.join()


def test_4_5_a_foreign_authority_is_refused(slapd: OpenLdap) -> None:
    """AU-24."""
    foreign = str(slapd.folder / "foreign.pem")
    with pytest.raises(DirectoryFailed, match=r"(?i)certificate"):
        directory_of(slapd, ca_file=foreign).fetch_everything()


def test_4_5_an_authority_that_only_the_system_knows_is_needed_without_ca_file(
    slapd: OpenLdap,
) -> None:
    with pytest.raises(DirectoryFailed, match=r"(?i)certificate"):
        directory_of(slapd, ca_file="").fetch_everything()


@pytest.mark.parametrize("certificate", ["wrong_name", "expired"])
@pytest.mark.parametrize("starttls", [False, True])
def test_4_5_a_wrong_name_or_an_expired_certificate_is_refused(
    town: Municipality, certificate: str, starttls: bool
) -> None:
    """AU-24."""
    with OpenLdap(town, certificate=certificate) as server:
        changes: dict[str, object] = (
            {"urls": [server.plain_url], "starttls": True} if starttls else {}
        )
        with pytest.raises(DirectoryFailed):
            directory_of(server, **changes).fetch_everything()


def test_4_5_a_missing_authority_file_is_named_at_start(slapd: OpenLdap) -> None:
    with pytest.raises(DirectorySettingsError, match=r"finnes-ikke\.pem"):
        directory_of(slapd, ca_file="/finnes-ikke.pem")


def test_4_5_plain_text_is_refused_at_start(slapd: OpenLdap) -> None:
    with pytest.raises(DirectorySettingsError, match="klartekst"):
        directory_of(slapd, urls=[slapd.plain_url])


def test_4_5_starttls_encrypts_before_anything_is_said(slapd: OpenLdap, town: Municipality) -> None:
    directory = directory_of(slapd, urls=[slapd.plain_url], starttls=True)
    assert directory.authenticate(town.case["plain"].uid, PASSWORD).key == town.case["plain"].uuid


def test_4_5_a_server_that_refuses_starttls_never_hears_a_password(slapd: OpenLdap) -> None:
    # An ExtendedResponse with result 2 (protocolError) to message 1.
    refusal = bytes.fromhex("300c02010178070a010204000400")
    with listener(refusal) as (port, heard):
        directory = directory_of(slapd, urls=[f"ldap://localhost:{port}"], starttls=True)
        with pytest.raises(DirectoryFailed):
            directory.authenticate("kari", PASSWORD)
    sent = b"".join(heard)
    assert sent, "the server was never asked"
    assert SERVICE_PASSWORD.encode() not in sent
    assert PASSWORD.encode() not in sent


def test_4_5_the_connection_is_asked_to_check_everything(
    slapd: OpenLdap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AU-24: asserted on the object that is really used."""
    made: list[ldap3.Connection] = []
    original = connection._unbound

    def keep(*arguments: object) -> ldap3.Connection:
        made.append(original(*arguments))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(connection, "_unbound", keep)
    directory_of(slapd).find_person("kari")
    assert made[0].server.tls.validate == ssl.CERT_REQUIRED
    assert isinstance(made[0].server.tls, connection.CheckedTls)
    assert made[0].server.connect_timeout == 3
    assert made[0].receive_timeout == 5
    assert made[0].auto_referrals is False
    assert made[0].server.allowed_referral_hosts == []
    assert made[0].strategy_type == ldap3.SAFE_SYNC
    assert made[0].password is None
    assert made[0].closed


def test_4_5_no_password_shows_in_errors_logs_or_reprs(
    slapd: OpenLdap, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    directory = directory_of(slapd, urls=[f"ldaps://localhost:{free_port()}"])
    with pytest.raises(DirectoryFailed) as caught:
        directory.authenticate("kari", PASSWORD)
    shown = f"{caught.value!r} {directory.settings!r} {caplog.text}"
    assert caught.value.__cause__ is None
    assert SERVICE_PASSWORD not in shown
    assert PASSWORD not in shown


def test_4_6_a_referral_is_not_followed(town: Municipality) -> None:
    """The rogue server hears nothing, and the answer is a failure, not a part."""
    with (
        listener() as (port, heard),
        OpenLdap(town, referral=f"ldap://localhost:{port}") as server,
    ):
        directory = directory_of(server, people_base="ou=personer,dc=annen,dc=example")
        with pytest.raises(DirectoryFailed):
            directory.fetch_everything()
        with pytest.raises(DirectoryFailed):
            directory.authenticate("kari", PASSWORD)
    assert heard == []


def test_4_7_a_size_limit_fails_the_whole_reading(town: Municipality) -> None:
    with (
        OpenLdap(town, service_limit=100) as server,
        pytest.raises(DirectoryFailed, match="sizeLimitExceeded"),
    ):
        directory_of(server).fetch_everything()


def test_4_7_pages_are_read_to_the_end(slapd: OpenLdap, town: Municipality) -> None:
    snapshot = directory_of(slapd, page_size=7).fetch_everything()
    assert len(snapshot.persons) == len(town.people)


@pytest.mark.parametrize("setting", ["people_base", "group_base", "unit_base"])
def test_4_7_a_wrong_base_is_a_failure_and_not_an_empty_answer(
    slapd: OpenLdap, setting: str
) -> None:
    directory = directory_of(slapd, **{setting: f"ou=feil,{openldap_data.SUFFIX}"})
    with pytest.raises(DirectoryFailed, match="noSuchObject"):
        directory.fetch_everything()


def test_4_7_a_refused_service_account_is_a_failure(slapd: OpenLdap) -> None:
    settings = replace(directory_of(slapd).settings, secret="feil")
    with pytest.raises(DirectoryFailed, match="tjenestekontoen"):
        LdapDirectory(settings).fetch_everything()


def test_4_8_a_server_that_is_down_is_passed_over_for_the_next(
    slapd: OpenLdap, town: Municipality
) -> None:
    directory = directory_of(slapd, urls=[f"ldaps://localhost:{free_port()}", slapd.url])
    assert directory.authenticate(town.case["plain"].uid, PASSWORD).key == town.case["plain"].uuid


def test_4_8_a_server_that_hangs_costs_seconds_once_and_nothing_then(
    slapd: OpenLdap, own_slapd: OpenLdap, town: Municipality
) -> None:
    """CF-06: it takes connections and says nothing; no pool of ldap3 gets past that."""
    directory = directory_of(
        slapd, urls=[own_slapd.url, slapd.url], connect_timeout=1, receive_timeout=1
    )
    both = (slapd.folder / "ca.pem").read_text() + (own_slapd.folder / "ca.pem").read_text()
    bundle = slapd.folder / "both.pem"
    bundle.write_text(both)
    directory.settings = replace(directory.settings, ca_file=str(bundle))
    own_slapd.freeze()
    times = []
    for _attempt in range(2):
        started = time.monotonic()
        directory.authenticate(town.case["plain"].uid, PASSWORD)
        times.append(time.monotonic() - started)
    assert 0.5 < times[0] < 3
    assert times[1] < 0.7


def test_4_8_login_says_within_five_seconds_that_the_directory_is_down_and_recovers(
    own_slapd: OpenLdap, town: Municipality
) -> None:
    """CF-06."""
    directory, person = directory_of(own_slapd), town.case["plain"]
    assert directory.authenticate(person.uid, PASSWORD).key == person.uuid
    own_slapd.halt()
    started = time.monotonic()
    with pytest.raises(DirectoryFailed):
        directory.authenticate(person.uid, PASSWORD)
    assert time.monotonic() - started < 5
    own_slapd.launch()
    assert directory.authenticate(person.uid, PASSWORD).key == person.uuid


def test_4_8_a_bad_server_is_remembered_for_a_minute() -> None:
    moment = [1000.0]
    memory = ServerMemory(lambda: moment[0])
    assert memory.order(("a", "b")) == ["a", "b"]
    memory.note_failure("a")
    assert memory.order(("a", "b")) == ["b"]
    moment[0] += 10
    memory.note_failure("b")
    assert memory.order(("a", "b")) == ["a"]
    moment[0] += BAD_FOR_SECONDS - 9
    assert memory.order(("a", "b")) == ["a"]
    memory.note_success("b")
    assert memory.order(("a", "b")) == ["a", "b"]


def test_4_8_a_time_out_in_fractions_is_refused_at_start(slapd: OpenLdap) -> None:
    with pytest.raises(DirectorySettingsError, match="receive_timeout"):
        directory_of(slapd, receive_timeout=2.5)


def test_4_9_a_misspelt_attribute_is_told_by_the_check(slapd: OpenLdap) -> None:
    lines = directory_of(slapd, attributes={"title": "stillingstittel"}).check()
    told = {line.name: line for line in lines}
    assert told["Attributt title"].state is CheckState.WARNING
    assert "stillingstittel" in told["Attributt title"].detail


def test_the_check_finds_everything_in_order(slapd: OpenLdap) -> None:
    lines = directory_of(slapd).check()
    assert not [line for line in lines if line.state is CheckState.BAD]
    names = " ".join(line.name for line in lines)
    for wanted in ("DNS", "TCP", "Sertifikat", "Tjenestekonto", "Personer", "Enheter", "Rolle hr"):
        assert wanted in names


def test_4_1_the_check_warns_of_an_address_instead_of_a_name(slapd: OpenLdap) -> None:
    lines = directory_of(slapd, urls=[slapd.url.replace("localhost", "127.0.0.1")]).check()
    assert any("IP-adresse" in line.detail for line in lines)


def test_4_1_a_server_given_by_address_works_when_the_certificate_names_it(
    slapd: OpenLdap, town: Municipality
) -> None:
    """ldap3's own name check refuses this from Python 3.12 on."""
    directory = directory_of(slapd, urls=[slapd.url.replace("localhost", "127.0.0.1")])
    assert directory.authenticate(town.case["plain"].uid, PASSWORD).key == town.case["plain"].uuid


def test_the_check_names_what_is_wrong(slapd: OpenLdap) -> None:
    down = directory_of(slapd, urls=[f"ldaps://localhost:{free_port()}"]).check()
    assert down[-1].state is CheckState.BAD
    small = directory_of(slapd, group_base=f"ou=feil,{openldap_data.SUFFIX}").check()
    assert small[-1].name == "Lese alt"
    assert small[-1].state is CheckState.BAD


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"preset": "novell"}, "preset"),
        ({"urls": []}, "urls"),
        ({"bind_dn": ""}, "bind_dn"),
        ({"people_base": ""}, "people_base"),
        ({"peoplebase": "x"}, "peoplebase"),
        ({"attributes": {"navn": "cn"}}, "navn"),
        ({"roles": {"hr": "sjef"}}, "sjef"),
        ({"urls": ["http://x"]}, "http://x"),
        ({"urls": ["ldaps://a:b@x"]}, "passord"),
        ({"page_size": 0}, "page_size"),
    ],
)
def test_a_wrong_setting_is_named(slapd: OpenLdap, changes: dict[str, object], named: str) -> None:
    with pytest.raises(DirectorySettingsError, match=named):
        read_ldap_settings(slapd.table(**changes), "hemmelig")
    with pytest.raises(DirectorySettingsError, match="DIRECTORY_SECRET"):
        read_ldap_settings(slapd.table(), "")


def test_who_hangs_up_in_the_middle_is_a_failure_not_a_wrong_password(
    own_slapd: OpenLdap, town: Municipality
) -> None:
    directory = directory_of(own_slapd, receive_timeout=1)

    def die(_key: str | None) -> None:
        own_slapd.halt()

    with pytest.raises(DirectoryFailed):
        directory.authenticate(town.case["plain"].uid, PASSWORD, die)


def test_an_unknown_name_costs_as_many_questions_as_a_known_one(
    directory: LdapDirectory, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AU-06: counted, not timed, so that a busy machine proves nothing wrong."""
    asked: list[str] = []
    for name in ("_page", "try_password"):
        original = getattr(connection.Session, name)

        def counted(
            self: object, *rest: object, _name: str = name, _do: object = original
        ) -> object:
            asked.append(_name)
            return _do(self, *rest)  # type: ignore[operator]

        monkeypatch.setattr(connection.Session, name, counted)
    directory.find_person("kari")  # The tree of units is read once and kept.
    counts = []
    for username in (town.case["no_mail"].uid, "finnes-ikke"):
        asked.clear()
        with pytest.raises(LoginRefused) as caught:
            directory.authenticate(username, "feil passord")
        assert caught.value.refusal is LoginRefusal.WRONG
        counts.append(list(asked))
    assert counts == [["_page", "try_password"]] * 2
