"""What a sync decides to do, and when it does nothing at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intranet.core.actor import Role
from intranet.people.roles import USUAL_RULES, RoleRule, read_rules
from intranet.people.snapshot import DirectoryPerson, DirectorySnapshot, DirectoryUnit
from intranet.people.sync import (
    KnownPerson,
    KnownState,
    KnownUnit,
    PersonChange,
    SyncPlan,
    make_plan,
    person_fields,
)

TOP = DirectoryUnit("top", "Kommunen", "municipality", None, "p0")
SCHOOL = DirectoryUnit("school", "Skolen", "unit", "top", "p1")
CLASS = DirectoryUnit("class", "1. trinn", "department", "school")
UNITS = (TOP, SCHOOL, CLASS)


def person(number: int, **changes: object) -> DirectoryPerson:
    key = f"p{number}"
    made = DirectoryPerson(key, f"bruker{number}", f"Navn {number}", unit_keys=("school",))
    return replace(made, **changes)  # type: ignore[arg-type]


def snapshot(
    persons: list[DirectoryPerson],
    units: tuple[DirectoryUnit, ...] = UNITS,
    groups: dict[str, frozenset[str]] | None = None,
) -> DirectorySnapshot:
    return DirectorySnapshot(tuple(persons), units, groups or {})


def known(
    persons: list[DirectoryPerson],
    sizes: dict[str, int] | None = None,
    inactive: tuple[str, ...] = (),
) -> KnownState:
    return KnownState(
        tuple(
            KnownPerson(p.key, p.key not in inactive, person_fields(p), p.unit_keys)
            for p in persons
        ),
        tuple(KnownUnit(unit) for unit in UNITS),
        sizes or {},
    )


def changed(plan: SyncPlan, key: str) -> PersonChange:
    return next(change for change in plan.persons if change.person.key == key)


EVERYONE = [person(n) for n in range(100)]


def test_nothing_changes_when_the_directory_says_what_we_know() -> None:
    plan = make_plan(snapshot(EVERYONE), known(EVERYONE), USUAL_RULES)
    assert plan.is_empty
    assert plan.stops == ()


def test_the_first_sync_makes_everyone_new() -> None:
    plan = make_plan(snapshot(EVERYONE), KnownState(), USUAL_RULES)
    assert len(plan.persons) == 100
    assert all(change.is_new for change in plan.persons)
    assert [change.unit.key for change in plan.units] == ["top", "school", "class"]
    assert plan.stops == ()


def test_a_new_name_after_marriage_is_a_change_of_the_same_person() -> None:
    married = replace(EVERYONE[3], name="Kari Nygård", family_name="Nygård", username="karnyg")
    plan = make_plan(
        snapshot([*EVERYONE[:3], married, *EVERYONE[4:]]), known(EVERYONE), USUAL_RULES
    )
    assert [change.person.key for change in plan.persons] == ["p3"]
    assert plan.persons[0].fields == ("username", "name", "family_name")
    assert not plan.persons[0].is_new


def test_a_decomposed_name_is_no_change() -> None:
    composed = person(1, name="Åshild Sjøgård")
    decomposed = person(1, name="A\u030ashild  Sjøga\u030ard")
    plan = make_plan(snapshot([decomposed]), known([composed]), USUAL_RULES)
    assert plan.persons == ()


def test_a_new_account_with_a_freed_user_name_is_another_person() -> None:
    """AZ-32, D14: the key is the identity."""
    successor = replace(EVERYONE[5], key="another-key")
    plan = make_plan(
        snapshot([*EVERYONE[:5], successor, *EVERYONE[6:]]), known(EVERYONE), USUAL_RULES
    )
    assert plan.gone == ("p5",)
    assert changed(plan, "another-key").is_new


@pytest.mark.parametrize("leave", ["deleted", "disabled"])
def test_who_is_deleted_or_disabled_is_gone(leave: str) -> None:
    rest = EVERYONE[1:]
    if leave == "disabled":
        rest = [replace(EVERYONE[0], is_enabled=False), *rest]
    units = (replace(TOP, leader_key=None), SCHOOL, CLASS)
    plan = make_plan(snapshot(rest, units), known(EVERYONE), USUAL_RULES)
    assert plan.gone == ("p0",)
    assert plan.persons == ()


def test_a_disabled_stranger_never_gets_in() -> None:
    stranger = person(500, is_enabled=False)
    assert make_plan(snapshot([*EVERYONE, stranger]), known(EVERYONE), USUAL_RULES).is_empty


def test_who_comes_back_is_back_and_not_new() -> None:
    plan = make_plan(snapshot(EVERYONE), known(EVERYONE, inactive=("p7",)), USUAL_RULES)
    assert changed(plan, "p7").is_back
    assert not changed(plan, "p7").is_new


@pytest.mark.parametrize(
    ("before", "gone", "stops"),
    [(100, 10, False), (100, 11, True), (20, 5, False), (20, 6, True), (3, 2, False)],
)
def test_a_sync_stops_above_a_tenth_but_never_for_five_or_fewer(
    before: int, gone: int, stops: bool
) -> None:
    units = tuple(replace(unit, leader_key=None) for unit in UNITS)
    people = EVERYONE[:before]
    plan = make_plan(snapshot(people[gone:], units), known(people), USUAL_RULES)
    assert bool(plan.stops) is stops
    if stops:
        assert plan.stops == (f"too_many_persons:{gone}/{before}",)


def test_an_empty_answer_always_stops() -> None:
    plan = make_plan(snapshot([]), known(EVERYONE[:2]), USUAL_RULES)
    assert "no_persons" in plan.stops


def test_a_role_group_that_became_empty_stops() -> None:
    plan = make_plan(
        snapshot(EVERYONE, groups={"verneombud": frozenset(), "hr": frozenset({"p1"})}),
        known(EVERYONE, sizes={"verneombud": 4, "hr": 1}),
        USUAL_RULES,
    )
    assert plan.stops == ("group_emptied:verneombud",)


def test_a_role_group_that_vanished_stops_but_not_one_without_a_role() -> None:
    plan = make_plan(
        snapshot(EVERYONE, groups={}),
        known(EVERYONE, sizes={"hr": 3, "kantine": 9}),
        USUAL_RULES,
    )
    assert plan.stops == ("group_emptied:hr",)


def test_only_members_who_are_known_persons_count_in_a_group() -> None:
    groups = {"hr": frozenset({"p1", "cn=ingen,ou=system"})}
    plan = make_plan(snapshot(EVERYONE, groups=groups), known(EVERYONE), USUAL_RULES)
    assert plan.group_sizes == {"hr": 1}


def test_a_group_gives_the_role_for_all_or_for_the_members_own_unit() -> None:
    safe = person(1, groups=frozenset({"verneombud", "hr"}), unit_keys=("class",))
    plan = make_plan(snapshot([safe]), KnownState(), USUAL_RULES)
    assert changed(plan, "p1").grants == {
        (Role.SAFETY_REPRESENTATIVE, "school"),
        (Role.HR, None),
    }


def test_a_star_in_a_rule_and_another_case_match() -> None:
    editor = person(1, groups=frozenset({"RED-skolen"}))
    plan = make_plan(snapshot([editor]), KnownState(), USUAL_RULES)
    assert changed(plan, "p1").grants == {(Role.EDITOR, "school")}


def test_a_rule_for_a_unit_that_does_not_exist_gives_nothing() -> None:
    rules = [RoleRule("hr", Role.HR, "Skolen som ikke finnes")]
    plan = make_plan(snapshot([person(1, groups=frozenset({"hr"}))]), KnownState(), rules)
    assert changed(plan, "p1").grants == frozenset()


def test_a_role_is_revoked_when_the_group_loses_the_person() -> None:
    state = known(EVERYONE)
    held = replace(state.persons[2], grants=frozenset({(Role.HR, None)}))
    state = replace(state, persons=(*state.persons[:2], held, *state.persons[3:]))
    plan = make_plan(snapshot(EVERYONE), state, USUAL_RULES)
    assert changed(plan, "p2").revoked == {(Role.HR, None)}


def test_a_person_without_a_known_unit_belongs_to_the_municipality() -> None:
    plan = make_plan(snapshot([person(1, unit_keys=("nowhere",))]), KnownState(), USUAL_RULES)
    assert changed(plan, "p1").person.unit_keys == ("top",)


def test_a_leader_who_left_leaves_the_post_vacant() -> None:
    plan = make_plan(snapshot(EVERYONE[:1] + EVERYONE[2:]), known(EVERYONE), USUAL_RULES)
    assert [(change.unit.key, change.unit.leader_key) for change in plan.units] == [
        ("school", None)
    ]


def test_a_unit_that_vanished_is_closed() -> None:
    plan = make_plan(snapshot(EVERYONE, (TOP, SCHOOL)), known(EVERYONE), USUAL_RULES)
    assert plan.units_gone == ("class",)


def test_two_accounts_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="p1"):
        make_plan(snapshot([person(1), person(1)]), KnownState(), USUAL_RULES)


def test_the_table_of_roles_is_read_and_a_wrong_role_is_named() -> None:
    rules = read_rules({"HR-avd": "hr", "red-*": {"role": "editor", "scope": "home"}})
    assert rules == (RoleRule("HR-avd", Role.HR), RoleRule("red-*", Role.EDITOR, "home"))
    assert read_rules(None) == USUAL_RULES
    with pytest.raises(ValueError, match="konge"):
        read_rules({"hr": "konge"})
