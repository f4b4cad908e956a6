"""The same against a real Active Directory (Samba): what differs from OpenLDAP."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from intranet.people.directory.connection import ServerMemory, open_session
from intranet.people.directory.entries import Entry
from intranet.people.directory.ldap import LdapDirectory
from intranet.people.directory.ldap_settings import read_ldap_settings
from intranet.people.snapshot import CheckState, DirectoryFailed, LoginRefusal, LoginRefused
from tests.servers import samba_data
from tests.servers.directory_data import MUNICIPALITY, PASSWORD, SECTORS, Municipality
from tests.servers.samba import Samba

# One server on fixed ports: all of them in one process.
pytestmark = [pytest.mark.samba, pytest.mark.xdist_group("samba")]


@pytest.fixture(scope="module")
def samba(town: Municipality) -> Iterator[Samba]:
    """One domain controller for all tests of this file."""
    with Samba(town) as server:
        yield server


def directory_of(server: Samba, **changes: object) -> LdapDirectory:
    return LdapDirectory(read_ldap_settings(server.table(**changes), server.secret, MUNICIPALITY))


@pytest.fixture
def directory(samba: Samba) -> LdapDirectory:
    return directory_of(samba)


@pytest.fixture
def cases(samba: Samba) -> LdapDirectory:
    """The directory whose people are the test accounts."""
    return directory_of(samba, people_base=samba_data.CASES)


def refusal(directory: LdapDirectory, username: str, password: str) -> LoginRefusal:
    with pytest.raises(LoginRefused) as caught:
        directory.authenticate(username, password)
    return caught.value.refusal


def test_everything_is_read_with_units_leaders_and_groups(
    directory: LdapDirectory, town: Municipality
) -> None:
    snapshot = directory.fetch_everything()
    persons = {person.username: person for person in snapshot.persons}
    assert set(persons) == {person.uid for person in town.people}
    keys = {person.key: person.username for person in snapshot.persons}
    leaders = {unit.name: keys.get(unit.leader_key or "") for unit in snapshot.units}
    assert leaders[MUNICIPALITY] == town.chief.uid
    for sector, units in SECTORS.items():
        for name in (sector, *units):
            assert leaders[name] == town.leaders[name].uid, name
    assert leaders["Avdeling A"] == town.leaders["Furutoppen sykehjem/Avdeling A"].uid
    assert not {"Grupper", "Systemkontoer", "Sluttet"} & set(leaders)
    for cn in town.groups:
        assert {keys[key] for key in snapshot.groups[cn]} == town.nested(cn), cn
    for person in town.people:
        told = persons[person.uid]
        assert told.name == unicodedata.normalize("NFC", person.name)
        assert told.is_enabled is not person.disabled


@pytest.mark.parametrize("name", samba_data.WITH_PASSWORD)
def test_people_log_in_by_user_name_and_by_principal_name(
    directory: LdapDirectory, town: Municipality, name: str
) -> None:
    person = town.case[name]
    by_name = directory.authenticate(person.uid.upper(), person.password)
    by_principal = directory.authenticate(person.mail, person.password)
    assert by_name.key == by_principal.key
    assert by_name.username == person.uid
    assert "alle-ansatte" in by_name.groups


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("t-disabled", LoginRefusal.DISABLED),
        ("t-mustchange", LoginRefusal.MUST_CHANGE),
        ("t-pwexpired", LoginRefusal.EXPIRED),
        ("t-accexpired", LoginRefusal.ACCOUNT_EXPIRED),
        ("t-hours", LoginRefusal.NOT_NOW),
        ("t-workstation", LoginRefusal.NOT_NOW),
    ],
)
def test_4_11_who_knows_the_password_is_told_why_and_nobody_else(
    cases: LdapDirectory, account: str, expected: LoginRefusal
) -> None:
    assert refusal(cases, account, PASSWORD) is expected
    assert refusal(cases, account, "feil passord") is LoginRefusal.WRONG


def test_4_11_a_locked_account_looks_like_a_wrong_password(cases: LdapDirectory) -> None:
    assert cases.authenticate("t-locked", PASSWORD).username == "t-locked"
    for _attempt in range(4):
        assert refusal(cases, "t-locked", "feil passord") is LoginRefusal.WRONG
    assert refusal(cases, "t-locked", PASSWORD) is LoginRefusal.WRONG


@pytest.mark.parametrize("password", ["", " ", "\x00", "\u00ad"])
def test_4_2_an_empty_password_never_gets_in(cases: LdapDirectory, password: str) -> None:
    """AU-01."""
    assert refusal(cases, "t-ok", password) is LoginRefusal.WRONG


@pytest.mark.parametrize("typed", ["*", "t-*", "(cn=*)", ")(|(cn=*", "FJORDVIK\\t-ok"])
def test_4_4_a_name_is_never_a_filter(cases: LdapDirectory, typed: str) -> None:
    """AU-03."""
    assert refusal(cases, typed, PASSWORD) is LoginRefusal.WRONG


def test_4_5_starttls_works_and_a_foreign_authority_is_refused(samba: Samba) -> None:
    """AU-24."""
    directory = directory_of(
        samba, people_base=samba_data.CASES, urls=[samba.plain_url], starttls=True
    )
    assert directory.authenticate("t-ok", PASSWORD).username == "t-ok"
    with pytest.raises(DirectoryFailed, match=r"(?i)certificate"):
        directory_of(samba, ca_file="").fetch_everything()


def test_4_6_references_in_an_answer_are_passed_over(samba: Samba) -> None:
    """The domain's root answers with searchResRef rows that have no attributes."""
    snapshot = directory_of(samba, people_base=samba_data.BASE).fetch_everything()
    assert "t-ok" in {person.username for person in snapshot.persons}


def test_4_7_pages_are_read_to_the_end(samba: Samba, town: Municipality) -> None:
    snapshot = directory_of(samba, page_size=7).fetch_everything()
    assert len(snapshot.persons) == len(town.people)


def test_4_10_a_group_that_comes_in_pieces_is_read_to_the_end(
    samba: Samba, town: Municipality
) -> None:
    """Windows sends 1,500 members at a time; asked for a piece, this server does the same."""
    directory = directory_of(samba)
    largest = max(town.groups.values(), key=lambda group: len(group.people))
    dn = f"CN={largest.cn},{samba_data.GROUPS}"
    with open_session(directory.settings, ServerMemory()) as session:
        rows = session.search(dn, "(objectClass=*)", ["member;range=0-4"], only_base=True)
        assert any(name.startswith("member;range=0-4") for name in rows[0].values)
        members = directory._members(session, rows[0])
        whole = directory._members(
            session, session.search(dn, "(objectClass=*)", ["member"], only_base=True)[0]
        )
    assert len(whole) == len(largest.people)
    assert sorted(members) == sorted(whole)


def test_4_12_a_mail_address_set_to_anothers_principal_name_lets_nobody_in(samba: Samba) -> None:
    directory = directory_of(
        samba,
        people_base=samba_data.CASES,
        login_attributes=["sAMAccountName", "userPrincipalName", "mail"],
    )
    principal = f"t-ok@{samba_data.DOMAIN}"
    assert directory.authenticate(principal, PASSWORD).username == "t-ok"
    dn = f"CN=t-workstation,{samba_data.CASES}"
    samba.change(f"dn: {dn}\nchangetype: modify\nreplace: mail\nmail: {principal}\n")
    assert refusal(directory, principal, PASSWORD) is LoginRefusal.WRONG
    assert directory.authenticate("t-ok", PASSWORD).username == "t-ok"


def test_4_12_the_key_survives_a_new_name_and_a_new_folder(
    samba: Samba, cases: LdapDirectory
) -> None:
    """AZ-32: and whoever gets the freed user name is somebody else."""
    before = cases.authenticate("t-rename", PASSWORD).key
    samba.change(
        f"dn: CN=t-rename,{samba_data.CASES}\nchangetype: modify\nreplace: sAMAccountName\n"
        "sAMAccountName: t-nygift\n-\nreplace: userPrincipalName\n"
        f"userPrincipalName: t-nygift@{samba_data.DOMAIN}\n\n"
        f"dn: CN=t-rename,{samba_data.CASES}\nchangetype: modrdn\nnewrdn: CN=t-nygift\n"
        f"deleteoldrdn: 1\nnewsuperior: {samba_data.TOP}\n"
    )
    moved = directory_of(samba).authenticate("t-nygift", PASSWORD)
    assert moved.key == before
    assert cases.find_person("t-rename") is None


def test_the_check_finds_everything_in_order_and_compares_the_clocks(
    directory: LdapDirectory,
) -> None:
    lines = directory.check()
    assert not [line for line in lines if line.state is CheckState.BAD]
    assert any(line.name == "Klokke" for line in lines)


def test_a_key_of_the_wrong_length_is_no_person() -> None:
    from intranet.people.directory.entries import key_of

    assert key_of(Entry.of("cn=x", {"objectGUID": [b"x" * 15]}), "objectGUID") is None
