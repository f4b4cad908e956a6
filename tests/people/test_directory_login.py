"""Logging in against a real OpenLDAP: each trap of the directory design, by its number."""

from __future__ import annotations

import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from intranet.people.directory.ldap import LdapDirectory
from intranet.people.directory.names import equals_any, escape_value
from intranet.people.snapshot import LoginRefusal, LoginRefused
from tests.people.conftest import directory_of
from tests.servers import openldap_data
from tests.servers.directory_data import PASSWORD, Municipality
from tests.servers.openldap import OpenLdap


def refusal(directory: LdapDirectory, username: str, password: str) -> LoginRefusal:
    with pytest.raises(LoginRefused) as caught:
        directory.authenticate(username, password)
    return caught.value.refusal


def test_the_right_password_gives_the_person_by_the_stable_key(
    directory: LdapDirectory, town: Municipality
) -> None:
    person = town.case["plain"]
    found = directory.authenticate(person.uid, PASSWORD)
    assert found.key == person.uuid
    assert found.name == person.name
    assert found.email == person.mail
    assert "kvalitetsansvarlig" in found.groups


@pytest.mark.parametrize("password", ["", " ", "   \t", "\u00ad", "\x00", "a\x00b", "\ud800"])
def test_4_2_no_empty_or_impossible_password_gets_in_even_where_the_server_allows_it(
    password: str, town: Municipality
) -> None:
    """AU-01, AU-05: the server answers success to DN and empty password; we never ask it."""
    with OpenLdap(town, allow_empty_passwords=True) as generous:
        directory = directory_of(generous)
        assert refusal(directory, town.case["plain"].uid, password) is LoginRefusal.WRONG


@pytest.mark.parametrize("username", ["", "  ", "\x00", "ola\n", "x" * 257, "finnes-ikke"])
def test_4_2_a_stranger_is_refused_whatever_the_password(
    directory: LdapDirectory, username: str
) -> None:
    """AU-02: no anonymous bind counts as a login."""
    assert refusal(directory, username, PASSWORD) is LoginRefusal.WRONG


@pytest.mark.parametrize("name", ["odd_password", "decomposed_password", "blank_password"])
def test_4_3_a_password_reaches_the_server_exactly_as_typed(
    directory: LdapDirectory, town: Municipality, name: str
) -> None:
    person = town.case[name]
    assert directory.authenticate(person.uid, person.password).key == person.uuid
    stripped = unicodedata.normalize("NFKC", person.password).strip()
    assert refusal(directory, person.uid, stripped) is LoginRefusal.WRONG


@pytest.mark.parametrize(
    "typed",
    ["*", "k*", "(uid=*)", ")(|(uid=*", "{uid})(telephoneNumber=+47 0*", "(", "*)(|(uid=*", "\\2a"],
)
def test_4_4_a_name_is_never_a_filter(
    directory: LdapDirectory, town: Municipality, typed: str
) -> None:
    """AU-03."""
    typed = typed.replace("{uid}", town.case["plain"].uid)
    assert directory.find_person(typed) is None
    assert refusal(directory, typed, PASSWORD) is LoginRefusal.WRONG


def test_4_4_a_filter_escapes_what_is_syntax_and_leaves_norwegian_letters() -> None:
    assert escape_value("Åse (vikar) *\\\0") == "Åse \\28vikar\\29 \\2a\\5c\\00"
    assert equals_any(["uid", "mail"], "a*") == "(|(uid=a\\2a)(mail=a\\2a))"


def test_4_4_a_name_that_is_a_dn_logs_nobody_in(directory: LdapDirectory) -> None:
    for typed in ("svc-intranett,ou=system", openldap_data.SERVICE):
        assert refusal(directory, typed, "Lese-konto-1") is LoginRefusal.WRONG


@pytest.mark.parametrize("name", ["filter_characters", "dn_characters", "decomposed"])
def test_4_4_odd_names_log_in(directory: LdapDirectory, town: Municipality, name: str) -> None:
    person = town.case[name]
    found = directory.authenticate(person.uid, PASSWORD)
    assert found.key == person.uuid
    assert found.name == unicodedata.normalize("NFC", person.name)


def test_4_9_answers_never_cross_between_threads(
    directory: LdapDirectory, town: Municipality
) -> None:
    people = [person for person in town.enabled if person.password == PASSWORD][:40]
    barrier = threading.Barrier(8)

    def log_in(index: int) -> bool:
        if index < 8:
            barrier.wait()
        person = people[index % len(people)]
        return directory.authenticate(person.uid, PASSWORD).key == person.uuid

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(log_in, range(120)))


def test_4_10_roles_through_nested_groups_and_a_loop_are_found_at_login(
    directory: LdapDirectory, town: Municipality
) -> None:
    person = town.groups["personvernombud"].people[0]
    found = directory.authenticate(person.uid, PASSWORD)
    assert {"personvernombud", "sirkel-a", "sirkel-b", "alle-ansatte"} <= found.groups
    direct = {group.cn for group in town.groups.values() if person in group.people}
    assert "alle-ansatte" not in direct


def test_4_11_a_locked_account_looks_like_a_wrong_password(
    own_slapd: OpenLdap, town: Municipality
) -> None:
    directory, person = directory_of(own_slapd), town.case["locks"]
    for _attempt in range(4):
        assert refusal(directory, person.uid, "feil") is LoginRefusal.WRONG
    assert refusal(directory, person.uid, PASSWORD) is LoginRefusal.WRONG


def test_4_11_who_must_change_the_password_is_told_and_kept_out(
    own_slapd: OpenLdap, town: Municipality
) -> None:
    """The bind succeeds; only the control says so."""
    directory, person = directory_of(own_slapd), town.case["must_change"]
    own_slapd.replace(openldap_data.dn_of(person), "pwdReset", "TRUE")
    assert refusal(directory, person.uid, PASSWORD) is LoginRefusal.MUST_CHANGE
    assert refusal(directory, person.uid, "feil") is LoginRefusal.WRONG


def test_4_11_an_expired_password_is_told_only_to_who_knows_it(
    own_slapd: OpenLdap, town: Municipality
) -> None:
    directory, person = directory_of(own_slapd), town.case["expires"]
    dn = openldap_data.dn_of(person)
    own_slapd.replace(dn, "userPassword", PASSWORD)
    own_slapd.replace(dn, "pwdPolicySubentry", f"cn=expires,ou=policies,{openldap_data.SUFFIX}")
    threading.Event().wait(2.1)
    assert refusal(directory, person.uid, PASSWORD) is LoginRefusal.EXPIRED
    assert refusal(directory, person.uid, "feil") is LoginRefusal.WRONG


def test_4_11_an_account_that_the_administrator_locked_is_out(
    directory: LdapDirectory, town: Municipality
) -> None:
    person = town.case["disabled_1"]
    assert refusal(directory, person.uid, PASSWORD) is LoginRefusal.WRONG


@pytest.mark.parametrize("change", [str.upper, str.title, lambda uid: f"  {uid} "])
def test_4_12_however_the_name_is_typed_the_key_is_the_same(
    directory: LdapDirectory, town: Municipality, change: object
) -> None:
    """AU-04."""
    person = town.case["plain"]
    assert callable(change)
    seen: list[str | None] = []
    found = directory.authenticate(change(person.uid), PASSWORD, seen.append)
    assert found.key == person.uuid
    assert found.username == person.uid
    assert seen == [person.uuid]


def test_4_12_fullwidth_letters_meet_the_same_brake(
    directory: LdapDirectory, town: Municipality
) -> None:
    """AU-04: OpenLDAP takes ａ for a; the brake must, too."""
    person = town.case["plain"]
    wide = "".join(chr(ord(char) + 0xFEE0) if "a" <= char <= "z" else char for char in person.uid)
    seen: list[str | None] = []
    assert directory.authenticate(wide, PASSWORD, seen.append).key == person.uuid
    assert seen == [person.uuid]


def test_4_12_a_name_that_two_accounts_answer_to_is_nobody(
    own_slapd: OpenLdap, town: Municipality
) -> None:
    directory = directory_of(own_slapd, login_attributes=["uid", "mail"])
    first, second = town.case["twin_1"], town.case["twin_2"]
    assert directory.authenticate(first.mail, PASSWORD).key == first.uuid
    own_slapd.replace(openldap_data.dn_of(second), "mail", first.mail)
    assert refusal(directory, first.mail, PASSWORD) is LoginRefusal.WRONG
    assert directory.authenticate(first.uid, PASSWORD).key == first.uuid


def test_4_12_the_key_survives_marriage_and_a_new_user_name(
    own_slapd: OpenLdap, town: Municipality
) -> None:
    directory, person = directory_of(own_slapd), town.case["marries"]
    own_slapd.change(
        f"dn: {openldap_data.dn_of(person)}\nchangetype: modrdn\nnewrdn: uid=nygift\n"
        "deleteoldrdn: 1\n"
    )
    found = directory.authenticate("nygift", PASSWORD)
    assert found.key == person.uuid
    assert directory.find_person(person.uid) is None


def test_the_brake_is_asked_before_the_password_and_for_strangers_too(
    directory: LdapDirectory, town: Municipality
) -> None:
    class Stop(Exception):
        pass

    def stop(_key: str | None) -> None:
        raise Stop

    for username in (town.case["plain"].uid, "finnes-ikke"):
        with pytest.raises(Stop):
            directory.authenticate(username, PASSWORD, stop)


def test_an_excluded_folder_holds_nobody(slapd: OpenLdap, town: Municipality) -> None:
    directory = directory_of(slapd, excluded_bases=[openldap_data.PEOPLE.upper()])
    assert refusal(directory, town.case["plain"].uid, PASSWORD) is LoginRefusal.WRONG
