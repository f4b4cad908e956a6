"""Reading everything from a real OpenLDAP: persons, units, leaders, groups."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from intranet.people.directory.answers import POLICY_CONTROL, policy_error, refusal_in
from intranet.people.directory.entries import Entry, key_of
from intranet.people.directory.ldap import LdapDirectory
from intranet.people.directory.names import dn_key, is_below
from intranet.people.snapshot import LoginRefusal
from tests.people.conftest import directory_of
from tests.servers.directory_data import SECTORS, Municipality
from tests.servers.openldap import OpenLdap


def test_everybody_is_read_with_names_in_one_form(
    directory: LdapDirectory, town: Municipality
) -> None:
    snapshot = directory.fetch_everything()
    found = {person.key: person for person in snapshot.persons}
    assert set(found) == {person.uuid for person in town.people}
    for person in town.people:
        assert found[person.uuid].name == unicodedata.normalize("NFC", person.name)
        assert found[person.uuid].is_enabled is not person.disabled
    assert found[town.case["no_mail"].uuid].email == ""


def test_the_tree_of_units_has_sectors_units_and_departments(
    directory: LdapDirectory, town: Municipality
) -> None:
    units = {unit.key: unit for unit in directory.fetch_everything().units}
    path = {
        (unit.name, units[unit.parent_key].name if unit.parent_key else None, unit.level)
        for unit in units.values()
    }
    assert ("Fjordvik kommune", None, "municipality") in path
    for sector, inside in SECTORS.items():
        assert (sector, "Fjordvik kommune", "sector") in path
        for unit, departments in inside.items():
            assert (unit, sector, "unit") in path
            for department in departments:
                assert (department, unit, "department") in path
    assert len(path) == 1 + sum(
        1 + sum(1 + len(departments) for departments in inside.values())
        for inside in SECTORS.values()
    )


def test_each_unit_has_the_leader_that_its_people_report_to(
    directory: LdapDirectory, town: Municipality
) -> None:
    snapshot = directory.fetch_everything()
    units = {unit.key: unit for unit in snapshot.units}
    for unit in snapshot.units:
        if unit.level == "municipality":
            assert unit.leader_key == town.chief.uuid
            continue
        parent = units[unit.parent_key or ""].name
        name = f"{parent}/{unit.name}" if unit.level == "department" else unit.name
        assert unit.leader_key == town.leaders[name].uuid, name


def test_who_works_in_two_units_has_both_and_home_first(
    directory: LdapDirectory, town: Municipality
) -> None:
    snapshot = directory.fetch_everything()
    units = {unit.key: unit for unit in snapshot.units}
    person = town.case["two_units"]
    found = next(one for one in snapshot.persons if one.key == person.uuid)
    home = units[found.unit_keys[0]]
    assert (home.name if not person.department else units[home.parent_key or ""].name) == (
        person.unit
    )
    assert [units[key].name for key in found.unit_keys[1:]] == [town.extra_unit]


def test_4_10_groups_are_closed_by_ourselves_loops_and_placeholders_included(
    directory: LdapDirectory, town: Municipality
) -> None:
    snapshot = directory.fetch_everything()
    usernames = {person.key: person.username for person in snapshot.persons}
    for cn in town.groups:
        assert {usernames[key] for key in snapshot.groups[cn]} == town.nested(cn), cn
    assert snapshot.groups["tom-gruppe"] == frozenset()
    assert len(snapshot.groups["alle-ansatte"]) == len(town.enabled)


def test_groups_at_login_are_the_groups_of_the_reading(
    directory: LdapDirectory, town: Municipality
) -> None:
    snapshot = directory.fetch_everything()
    for person in (town.case["two_units"], town.chief, town.leaders["HR og lønn"]):
        read = next(one for one in snapshot.persons if one.key == person.uuid)
        met = directory.find_person(person.uid)
        assert met is not None
        assert met.groups == read.groups
        assert met.unit_keys == read.unit_keys


def test_without_a_tree_units_come_from_the_attributes(slapd: OpenLdap, town: Municipality) -> None:
    snapshot = directory_of(slapd, unit_base="").fetch_everything()
    names = {unit.name: unit for unit in snapshot.units}
    assert names["Furutoppen sykehjem"].leader_key == town.leaders["Furutoppen sykehjem"].uuid
    assert names["Avdeling A"].parent_key == names["Furutoppen sykehjem"].key
    again = directory_of(slapd, unit_base="").fetch_everything()
    assert {unit.key for unit in again.units} == {unit.key for unit in snapshot.units}


def test_names_are_compared_without_case_and_escapes() -> None:
    assert dn_key('cn=Lie\\, \\"L\\" \\+ Co,OU=A') == dn_key("CN=lie\\2C \\22l\\22 \\2b co, ou=a")
    assert dn_key("ou=A\u030as,dc=x") == dn_key("OU=ås,DC=X")
    assert dn_key("cn=a+uid=b,dc=x") == dn_key("uid=B+cn=A,dc=x")
    assert dn_key("cn=a\\,dc=x") != dn_key("cn=a,dc=x")
    assert is_below("uid=kari,ou=Personer,dc=x", "OU=personer,dc=x")
    assert not is_below("uid=kari,ou=Personer2,dc=x", "ou=personer,dc=x")


@given(st.text(max_size=40))
def test_any_text_as_a_name_gives_a_key_and_no_error(text: str) -> None:
    assert dn_key(text) == dn_key(text)


def test_an_object_guid_is_sixteen_bytes_in_the_order_of_windows() -> None:
    raw = bytes(range(16))
    entry = Entry.of("cn=x", {"objectGUID": [raw]})
    assert key_of(entry, "objectGUID") == "03020100-0504-0706-0809-0a0b0c0d0e0f"
    assert key_of(Entry.of("cn=x", {"objectGUID": [b"short"]}), "objectGUID") is None
    assert key_of(Entry.of("cn=x", {}), "entryUUID") is None


def _answer(message: str = "", value: bytes = b"", result: int = 49) -> dict[str, object]:
    return {
        "result": result,
        "message": message,
        "controls": {POLICY_CONTROL: {"value": value}} if value else {},
    }


def test_4_11_the_codes_of_active_directory_are_told_apart_but_locked_is_not() -> None:
    text = "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {}, v1db1"
    expected = {
        "52e": LoginRefusal.WRONG,
        "525": LoginRefusal.WRONG,
        "775": LoginRefusal.WRONG,
        "530": LoginRefusal.NOT_NOW,
        "531": LoginRefusal.NOT_NOW,
        "532": LoginRefusal.EXPIRED,
        "533": LoginRefusal.DISABLED,
        "701": LoginRefusal.ACCOUNT_EXPIRED,
        "773": LoginRefusal.MUST_CHANGE,
    }
    assert {code: refusal_in(_answer(text.format(code))) for code in expected} == expected


def test_4_11_the_password_policy_control_is_read_with_bounds() -> None:
    assert policy_error(bytes.fromhex("3003810102")) == 2
    assert policy_error(bytes.fromhex("3003810100")) == 0
    assert policy_error(bytes.fromhex("3008a003800105810101")) == 1
    for broken in ("", "30", "3000", "3003", "30038101", "300381ff02", "30ff810102", "3103810102"):
        assert policy_error(bytes.fromhex(broken)) is None, broken
    assert policy_error(b"\x30\x3e" + b"\xa0\x00" * 31) is None
    assert refusal_in(_answer(value=bytes.fromhex("3003810102"), result=0)) is (
        LoginRefusal.MUST_CHANGE
    )
    assert refusal_in(_answer(value=bytes.fromhex("3003810101"))) is LoginRefusal.WRONG
    assert refusal_in(_answer(result=0)) is None
    assert refusal_in({"result": 53}) is LoginRefusal.WRONG


@given(st.binary(max_size=80))
def test_any_bytes_are_a_number_or_nothing(value: bytes) -> None:
    """CVE-2026-9801: a control parsed without bounds."""
    found = policy_error(value)
    assert found is None or 0 <= found <= 255
