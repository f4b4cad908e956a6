"""Leaders found from the manager attribute, and untidy trees."""

from __future__ import annotations

import pytest

from intranet.people.organisation import find_leaders, mend_tree
from intranet.people.snapshot import DirectoryPerson, DirectoryUnit

UNITS = (
    DirectoryUnit("kommune", "Kommunen", "municipality"),
    DirectoryUnit("helse", "Helse", "sector", "kommune"),
    DirectoryUnit("hjem", "Sykehjemmet", "unit", "helse"),
    DirectoryUnit("avd-a", "Avdeling A", "department", "hjem"),
    DirectoryUnit("avd-b", "Avdeling B", "department", "hjem"),
)


def person(key: str, unit: str, manager: str | None, *, enabled: bool = True) -> DirectoryPerson:
    return DirectoryPerson(
        key, key, key, unit_keys=(unit,), manager_key=manager, is_enabled=enabled
    )


STAFF = (
    person("chief", "kommune", None),
    person("sector", "helse", "chief"),
    person("head", "hjem", "sector"),
    person("boss-a", "avd-a", "head"),
    person("nurse-1", "avd-a", "boss-a"),
    person("nurse-2", "avd-a", "boss-a"),
    person("boss-b", "avd-b", "head"),
    person("nurse-3", "avd-b", "boss-b"),
)


def test_each_unit_is_led_by_the_one_whom_its_people_name() -> None:
    assert find_leaders(UNITS, STAFF) == {
        "kommune": "chief",
        "helse": "sector",
        "hjem": "head",
        "avd-a": "boss-a",
        "avd-b": "boss-b",
    }


def test_a_head_who_leads_the_departments_herself_leads_the_unit_too() -> None:
    staff = [
        *STAFF[:3],
        person("nurse-1", "avd-a", "head"),
        person("nurse-2", "avd-a", "head"),
        person("nurse-3", "avd-b", "head"),
    ]
    leaders = find_leaders(UNITS, staff)
    assert leaders["avd-a"] == leaders["avd-b"] == leaders["hjem"] == "head"
    assert leaders["helse"] == "sector"


def test_team_leaders_do_not_outvote_the_head_of_the_unit() -> None:
    staff = [
        *STAFF[:3],
        person("team-1", "hjem", "head"),
        person("team-2", "hjem", "head"),
        *(person(f"a{n}", "hjem", "team-1") for n in range(9)),
        *(person(f"b{n}", "hjem", "team-2") for n in range(5)),
    ]
    assert find_leaders(UNITS, staff)["hjem"] == "head"


def test_a_post_is_vacant_when_the_manager_is_disabled_or_unknown() -> None:
    staff = [
        *STAFF[:3],
        person("boss-a", "avd-a", "head", enabled=False),
        person("nurse-1", "avd-a", "boss-a"),
        person("nurse-2", "avd-b", "somebody-who-left"),
    ]
    leaders = find_leaders(UNITS, staff)
    assert leaders["avd-a"] is None
    assert leaders["avd-b"] is None


def test_managers_in_a_loop_are_tolerated() -> None:
    staff = [*STAFF[:3], person("x", "avd-a", "y"), person("y", "avd-a", "x")]
    assert find_leaders(UNITS, staff)["avd-a"] in ("x", "y")


def test_units_in_a_loop_or_without_a_parent_hang_under_the_municipality() -> None:
    units = (
        DirectoryUnit("a", "A", "unit", "b"),
        DirectoryUnit("b", "B", "unit", "a"),
        DirectoryUnit("c", "C", "department", "nowhere"),
        DirectoryUnit("top", "Kommunen", "municipality", "a"),
    )
    mended = {unit.key: unit.parent_key for unit in mend_tree(units)}
    assert mended["top"] is None
    assert mended["c"] == "top"
    assert "top" in (mended["a"], mended["b"])
    assert mend_tree(units)[0].key == "top"


def test_parents_come_before_children() -> None:
    seen: set[str | None] = {None}
    for unit in mend_tree(tuple(reversed(UNITS))):
        assert unit.parent_key in seen
        seen.add(unit.key)


def test_a_directory_without_a_municipality_is_refused() -> None:
    with pytest.raises(ValueError, match="municipality"):
        mend_tree([DirectoryUnit("a", "A", "unit")])
