"""The invented municipality: the same each time, with one line from employee to chief."""

from __future__ import annotations

import re

from intranet.demo.organisation import build_organisation, username_of

ROLES = [
    "employee", "unit_leader", "sector_leader", "chief_executive", "editor", "hr",
    "safety_representative", "data_protection_officer", "quality_adviser", "administrator",
    "whistleblowing_recipient",
]  # fmt: skip


def test_the_municipality_is_the_same_each_time_it_is_built() -> None:
    assert build_organisation() == build_organisation()


def test_there_are_about_250_persons_in_five_sectors_and_some_25_units() -> None:
    organisation = build_organisation()
    levels = [unit.level for unit in organisation.units]
    assert 240 <= len(organisation.persons) <= 300
    assert levels.count("sector") == 5
    assert 22 <= levels.count("unit") <= 30


def test_there_is_one_told_account_of_each_kind() -> None:
    assert [person.account_role for person in build_organisation().accounts()] == ROLES


def test_the_told_employee_and_leaders_are_one_line() -> None:
    organisation = build_organisation()
    told = {person.account_role: person for person in organisation.accounts()}
    unit = organisation.unit(told["employee"].unit_keys[0])
    sector = organisation.unit(unit.parent_key or "")
    top = organisation.unit(sector.parent_key or "")
    leaders = [unit.leader_key, sector.leader_key, top.leader_key]
    assert leaders == [told[role].key for role in ROLES[1:4]]
    assert told["safety_representative"].unit_keys[0] == unit.key


def test_exactly_one_post_is_vacant_and_every_other_leader_works_in_the_unit() -> None:
    organisation = build_organisation()
    vacant = [unit.key for unit in organisation.units if unit.leader_key is None]
    assert vacant == ["vei"]
    for unit in organisation.units:
        if unit.leader_key is not None:
            assert unit.key in organisation.person(unit.leader_key).unit_keys


def test_every_unit_has_a_safety_representative() -> None:
    organisation = build_organisation()
    parents = {unit.key: unit.parent_key for unit in organisation.units}
    levels = {unit.key: unit.level for unit in organisation.units}
    served = set()
    for person in organisation.persons:
        home = person.unit_keys[0]
        if "verneombud" in person.groups:
            served.add(parents[home] if levels[home] == "department" else home)
    units = {unit.key for unit in organisation.units if unit.level == "unit"}
    assert units <= served


def test_names_numbers_and_addresses_cannot_belong_to_anybody() -> None:
    persons = build_organisation().persons
    assert len({person.username for person in persons}) == len(persons)
    for person in persons:
        assert re.fullmatch(r"[a-z0-9.]+", person.username), person.username
        assert person.email == "" or person.email.endswith("@havnsund.kommune.example")
        assert all(
            number == "" or number.startswith("0") for number in (person.phone, person.mobile)
        )


def test_a_user_name_keeps_the_sound_of_norwegian_and_sami_letters() -> None:
    assert username_of("Øystein", "Ærø") == "oystein.aero"
    assert username_of("Nils-Ánte", "Hætta") == "nils.ante.haetta"
    assert username_of("Katarzyna", "Wiśniewska") == "katarzyna.wisniewska"
