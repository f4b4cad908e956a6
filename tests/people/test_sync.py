"""Carrying out a sync: from a real OpenLDAP and from a snapshot, on the database."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from intranet.audit.models import AuditEntry
from intranet.core.actor import Role, Viewer
from intranet.core.clock import now
from intranet.core.errors import InvalidInput
from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.people import directories
from intranet.people.actions.access import block_person, grant_role
from intranet.people.actions.apply_sync import apply_sync
from intranet.people.actions.refresh import refresh_person
from intranet.people.actions.run_sync import plan_sync, run_sync
from intranet.people.directory.ldap import LdapDirectory
from intranet.people.embedded_directory import EmbeddedDirectory, hash_password
from intranet.people.models import (
    Membership,
    Person,
    RoleGrant,
    SyncChange,
    SyncOutcome,
    SyncRun,
    Unit,
)
from intranet.people.queries.sync_state import load_unit_state, probe_directory
from intranet.people.queries.units import list_leaders_above
from intranet.people.queries.viewer import load_viewer
from intranet.people.snapshot import DirectoryPerson, DirectorySnapshot, DirectoryUnit
from intranet.search.models import PendingEntry
from tests.people.conftest import directory_of
from tests.servers import openldap_data
from tests.servers.directory_data import Municipality
from tests.servers.openldap import OpenLdap

TOP = DirectoryUnit("top", "Kommunen", "municipality", None, "p0")
SECTOR = DirectoryUnit("sector", "Helse", "sector", "top", "p1")
UNIT = DirectoryUnit("unit", "Sykehjemmet", "unit", "sector", "p2")
WARD = DirectoryUnit("ward", "Avdeling A", "department", "unit", None)
UNITS = (TOP, SECTOR, UNIT, WARD)


def person(number: int, unit: str = "ward", **changes: object) -> DirectoryPerson:
    made = DirectoryPerson(
        f"p{number}", f"bruker{number}", f"Navn Nummer{number}", unit_keys=(unit,)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def snapshot(
    persons: list[DirectoryPerson] | None = None, units: tuple[DirectoryUnit, ...] = UNITS
) -> DirectorySnapshot:
    people = STAFF if persons is None else persons
    groups: dict[str, frozenset[str]] = {}
    for one in people:
        for name in one.groups if one.is_enabled else ():
            groups[name] = groups.get(name, frozenset()) | {one.key}
    return DirectorySnapshot(tuple(people), units, groups)


STAFF = [
    person(0, "top"),
    person(1, "sector"),
    person(2, "unit"),
    person(3, groups=frozenset({"verneombud"})),
    # A second one, so that the first may leave without emptying the group.
    person(4, groups=frozenset({"verneombud"})),
    *(person(number) for number in range(5, 12)),
]


def sync(told: DirectorySnapshot) -> SyncRun:
    with transaction():
        return apply_sync(plan_sync(told), now())


def found(key: str) -> Person:
    return db.session.execute(select(Person).where(Person.directory_key == key)).scalar_one()


def unit(key: str) -> Unit:
    return db.session.execute(select(Unit).where(Unit.directory_key == key)).scalar_one()


def viewer_of(key: str) -> Viewer:
    viewer = load_viewer(found(key).id)
    assert viewer is not None
    return viewer


def events() -> list[str]:
    return list(
        db.session.execute(select(AuditEntry.event).order_by(AuditEntry.sequence)).scalars()
    )


@pytest.fixture
def with_directory(context: Flask) -> Iterator[Callable[[object], None]]:
    """Lets the test put another directory behind the application."""

    def use(directory: object) -> None:
        directories._opened = (get_settings(), directory)  # type: ignore[assignment]

    yield use
    directories._opened = None


def test_the_first_sync_makes_the_whole_tree(context: Flask) -> None:
    sync(snapshot())
    assert unit("ward").path == f"{unit('unit').path}{unit('ward').id}/"
    assert unit("unit").leader_id == found("p2").id
    assert unit("ward").leader_id is None
    assert [link.leader_id for link in list_leaders_above(unit("ward").id)] == [
        None,
        found("p2").id,
        found("p1").id,
        found("p0").id,
    ]
    assert found("p3").initials == "NN"
    assert viewer_of("p3").has_role(Role.SAFETY_REPRESENTATIVE, unit("unit").id)
    assert viewer_of("p0").is_chief
    assert "directory.synced" in events()


def test_a_second_sync_changes_nothing(context: Flask) -> None:
    sync(snapshot())
    entries = len(events())
    run = sync(snapshot())
    assert sum(run.counts.values()) == run.counts["persons"]
    assert len(events()) == entries
    assert db.session.execute(select(func.count(SyncRun.id))).scalar_one() == 2


def test_who_left_is_deactivated_and_kept_without_roles_and_sessions(context: Flask) -> None:
    sync(snapshot())
    before = found("p3").id
    sync(snapshot([one for one in STAFF if one.key != "p3"]))
    gone = found("p3")
    assert gone.id == before
    assert not gone.is_active
    assert gone.sessions_valid_from is not None
    assert load_viewer(gone.id) is None
    grants = select(RoleGrant).where(RoleGrant.person_id == gone.id)
    assert db.session.execute(grants).first() is None
    assert "person.deactivated" in events()


def test_who_comes_back_gets_roles_again(context: Flask) -> None:
    sync(snapshot())
    sync(snapshot([replace(one, is_enabled=one.key != "p3") for one in STAFF]))
    sync(snapshot())
    assert found("p3").is_active
    assert viewer_of("p3").has_role(Role.SAFETY_REPRESENTATIVE, unit("unit").id)
    assert "person.reactivated" in events()


def test_a_sync_never_lifts_the_administrators_block(context: Flask) -> None:
    """GitLab 3462: two flags."""
    sync(snapshot([*STAFF, person(20, groups=frozenset({"intranett-admin"}))]))
    with transaction():
        block_person(found("p4"), actor=viewer_of("p20"))
    sync(snapshot([*STAFF, person(20, groups=frozenset({"intranett-admin"}))]))
    assert found("p4").is_directory_active
    assert not found("p4").is_active


def test_a_role_given_here_survives_the_sync(context: Flask) -> None:
    admin = person(20, groups=frozenset({"intranett-admin"}))
    sync(snapshot([*STAFF, admin]))
    with transaction():
        grant_role(found("p5"), Role.HR, None, actor=viewer_of("p20"))
    sync(snapshot([*STAFF[:5], person(5, title="Ny"), *STAFF[6:], admin]))
    assert viewer_of("p5").has_role(Role.HR)


def test_a_leader_who_loses_the_unit_loses_it_at_the_next_request(context: Flask) -> None:
    """AU-16: the rights are read anew each time, not at login."""
    sync(snapshot())
    assert viewer_of("p2").is_leader
    sync(snapshot(units=(TOP, SECTOR, replace(UNIT, leader_key="p4"), WARD)))
    assert not viewer_of("p2").is_leader
    assert viewer_of("p4").leads_directly(unit("unit").id)


def test_a_person_who_moves_is_at_home_in_the_new_unit_only(context: Flask) -> None:
    sync(snapshot())
    sync(snapshot([*STAFF[:5], person(5, "unit"), *STAFF[6:]]))
    rows = db.session.execute(
        select(Membership.unit_id, Membership.is_home).where(Membership.person_id == found("p5").id)
    ).all()
    assert [tuple(row) for row in rows] == [(unit("unit").id, True)]
    assert found("p5").home_unit_id == unit("unit").id


def test_a_unit_that_moves_takes_what_is_below_along(context: Flask) -> None:
    sync(snapshot())
    other = DirectoryUnit("other", "Oppvekst", "sector", "top")
    sync(snapshot(units=(*UNITS[:2], other, replace(UNIT, parent_key="other"), WARD)))
    assert unit("ward").path.startswith(unit("other").path)
    assert unit("ward").path == (
        f"/{unit('top').id}/{unit('other').id}/{unit('unit').id}/{unit('ward').id}/"
    )


def test_a_unit_that_vanished_is_closed_and_comes_back(context: Flask) -> None:
    sync(snapshot())
    moved = [replace(one, unit_keys=("unit",)) for one in STAFF]
    sync(snapshot(moved, UNITS[:3]))
    assert not unit("ward").is_active
    assert "ward" not in {known.key for known in load_unit_state()}
    sync(snapshot())
    assert unit("ward").is_active


def test_what_changed_is_indexed_anew_and_logged(context: Flask) -> None:
    sync(snapshot())
    with transaction():
        db.session.query(PendingEntry).delete()
    run = sync(snapshot([*STAFF[:5], person(5, name="Gift Navn"), *STAFF[6:]]))
    assert db.session.execute(select(PendingEntry.doc_key)).scalars().all() == [
        f"person/{found('p5').id}"
    ]
    changes = db.session.execute(
        select(SyncChange.person_id, SyncChange.kind).where(SyncChange.run_id == run.id)
    ).all()
    assert [tuple(row) for row in changes] == [(found("p5").id, "changed")]


def test_a_long_name_is_cut_to_its_column_and_does_not_fail_the_sync(context: Flask) -> None:
    sync(snapshot([*STAFF, person(30, name="N" * 500, title="T" * 500)]))
    assert len(found("p30").name) == 200
    run = sync(snapshot([*STAFF, person(30, name="N" * 500, title="T" * 500)]))
    assert run.counts["new"] == 0


def test_a_plan_that_says_stop_is_not_carried_out(context: Flask) -> None:
    sync(snapshot())
    plan = plan_sync(snapshot(STAFF[:2]))
    assert plan.stops
    with pytest.raises(ValueError, match="stop"):
        apply_sync(plan, now())


def test_a_real_directory_is_synced_to_the_last_person(
    with_directory: Callable[[object], None], directory: LdapDirectory, town: Municipality
) -> None:
    with_directory(directory)
    plan = run_sync()
    assert plan is not None
    assert plan.stops == ()
    active = select(func.count(Person.id)).where(Person.is_directory_active)
    assert db.session.execute(active).scalar_one() == len(town.enabled)
    officer = town.groups["personvernombud"].people[0]
    assert viewer_of(officer.uuid).has_role(Role.DATA_PROTECTION_OFFICER)
    leader = town.leaders["Furutoppen sykehjem"]
    assert viewer_of(leader.uuid).is_leader
    assert probe_directory().is_good


def test_a_directory_that_is_down_changes_nothing_and_is_told(
    with_directory: Callable[[object], None], own_slapd: OpenLdap
) -> None:
    """Yesterday's state is kept."""
    with_directory(directory_of(own_slapd))
    assert run_sync() is not None
    before = db.session.execute(select(func.count(Person.id))).scalar_one()
    own_slapd.halt()
    assert run_sync() is None
    active = select(func.count(Person.id)).where(Person.is_directory_active)
    assert db.session.execute(active).scalar_one() == before
    last = db.session.execute(select(SyncRun).order_by(SyncRun.id.desc()).limit(1)).scalar_one()
    assert last.outcome == SyncOutcome.FAILED
    assert last.reason


def test_a_partial_answer_deactivates_nobody(
    with_directory: Callable[[object], None], own_slapd: OpenLdap, town: Municipality
) -> None:
    """Gitea 3815 and others: half of the persons looked like everybody."""
    with_directory(directory_of(own_slapd))
    run_sync()
    for one in town.people[40:100]:
        own_slapd.delete(openldap_data.dn_of(one))
    plan = run_sync()
    assert plan is not None
    assert plan.stops[0].startswith("too_many_persons:")
    active = select(func.count(Person.id)).where(Person.is_directory_active)
    assert db.session.execute(active).scalar_one() == len(town.enabled)
    accepted = run_sync(force=True)
    assert accepted is not None
    assert db.session.execute(active).scalar_one() == len(town.enabled) - len(accepted.gone)
    assert len(accepted.gone) > 50


def test_an_emptied_role_group_stops_until_somebody_says_so(
    with_directory: Callable[[object], None], own_slapd: OpenLdap, town: Municipality
) -> None:
    with_directory(directory_of(own_slapd))
    run_sync()
    own_slapd.replace(
        f"cn=verneombud,{openldap_data.GROUPS}", "member", "cn=ingen,dc=fjordvik,dc=example"
    )
    plan = run_sync()
    assert plan is not None
    assert plan.stops == ("group_emptied:verneombud",)
    assert run_sync(force=True) is not None
    again = run_sync()
    assert again is not None
    assert again.stops == ()


def test_a_thousand_persons_are_synced_within_the_budget(context: Flask) -> None:
    """Two seconds; twice that here, because the machine is shared."""
    told = snapshot([*STAFF[:3], *(person(number) for number in range(3, 1000))])
    started = time.perf_counter()
    sync(told)
    first = time.perf_counter() - started
    started = time.perf_counter()
    sync(told)
    assert first < 4
    assert time.perf_counter() - started < 2


def test_a_new_employee_who_logs_in_before_the_sync_has_unit_and_roles(context: Flask) -> None:
    sync(snapshot())
    new = person(50, "unit", groups=frozenset({"hr"}))
    with transaction():
        made = refresh_person(new)
    assert made.home_unit_id == unit("unit").id
    assert made.last_login_at is not None
    assert viewer_of("p50").has_role(Role.HR)
    run = sync(snapshot([*STAFF, new]))
    assert run.counts["new"] == 0


def test_a_login_refreshes_name_and_roles_but_never_moves_to_an_unknown_unit(
    context: Flask,
) -> None:
    sync(snapshot())
    with transaction():
        refresh_person(person(3, name="Nytt Navn", unit_keys=("not-synced-yet",)))
    assert found("p3").name == "Nytt Navn"
    assert found("p3").home_unit_id == unit("ward").id
    assert not viewer_of("p3").has_role_anywhere(Role.SAFETY_REPRESENTATIVE)


def test_a_login_before_the_first_sync_makes_a_person_without_a_unit(context: Flask) -> None:
    with transaction():
        made = refresh_person(person(3))
    assert made.is_active
    assert made.home_unit_id is None
    sync(snapshot())
    assert found("p3").home_unit_id == unit("ward").id


def test_nobody_blocks_themselves(context: Flask) -> None:
    sync(snapshot([*STAFF, person(20, groups=frozenset({"intranett-admin"}))]))
    with pytest.raises(InvalidInput):
        block_person(found("p20"), actor=viewer_of("p20"))


def test_health_is_bad_when_the_directory_has_been_silent_for_hours(
    context: Flask, at: Callable[[datetime], None]
) -> None:
    at(datetime(2026, 10, 13, 7, 0, tzinfo=UTC))
    assert probe_directory().is_good
    sync(snapshot())
    at(datetime(2026, 10, 13, 8, 0, tzinfo=UTC))
    assert probe_directory().is_good
    at(datetime(2026, 10, 13, 9, 30, tzinfo=UTC))
    assert not probe_directory().is_good


def test_the_embedded_directory_syncs_and_logs_in_behind_the_same_interface(
    with_directory: Callable[[object], None], tmp_path: Path
) -> None:
    path = tmp_path / "directory.json"
    path.write_text(
        json.dumps(
            {
                "units": [
                    {"key": "top", "name": "Kommunen", "level": "municipality", "leader_key": "a"},
                    {"key": "u", "name": "Skolen", "level": "unit", "parent_key": "top"},
                ],
                "persons": [
                    {
                        "key": "a",
                        "username": "Åse",
                        "password_hash": hash_password("Sommer²½"),
                        "name": "Åse Ås",
                        "unit_keys": ["u"],
                        "groups": ["hr"],
                    }
                ],
                "groups": {"verneombud": ["a"]},
            }
        ),
        encoding="utf-8",
    )
    directory = EmbeddedDirectory(path, is_production=False)
    with_directory(directory)
    assert run_sync() is not None
    assert directory.authenticate(" åse ", "Sommer²½").key == "a"
    assert viewer_of("a").has_role(Role.HR)
    assert viewer_of("a").has_role(Role.SAFETY_REPRESENTATIVE, unit("u").id)


def test_the_embedded_directory_refuses_production_and_a_broken_file(
    with_directory: Callable[[object], None], tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError):
        EmbeddedDirectory(tmp_path / "directory.json", is_production=True)
    broken = tmp_path / "directory.json"
    with_directory(EmbeddedDirectory(broken, is_production=False))
    assert run_sync() is None
    broken.write_text("{")
    assert run_sync() is None
