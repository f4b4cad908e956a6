"""`flask people check | check-user | sync`, and the job that keeps us in step."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import AppGroup

from intranet.core.clock import now
from intranet.core.settings import get_settings
from intranet.people.actions.run_sync import plan_sync, run_sync
from intranet.people.directories import directory_of, role_rules, sync_minutes
from intranet.people.queries.sync_state import find_last_sync, load_unit_state
from intranet.people.roles import RoleBook
from intranet.people.snapshot import CheckState, DirectoryFailed, DirectoryPerson
from intranet.people.sync import SyncPlan

commands = AppGroup("people", help="The directory: check it, ask about one user, read it.")
_COUNTS = {
    "persons": "ansatte",
    "new": "nye",
    "back": "tilbake",
    "gone": "borte",
    "changed": "endret",
    "moved": "flyttet",
    "roles": "roller",
    "units_new": "nye enheter",
    "units_gone": "enheter borte",
    "leaders": "ledere",
}
_STOPS = {
    "no_persons": "Katalogen ga ingen ansatte",
    "too_many_persons": "For mange ansatte ville blitt borte",
    "too_many_units": "For mange enheter ville blitt borte",
    "group_emptied": "En gruppe som gir en rolle, er blitt tom",
}
_COLOURS = {CheckState.GOOD: "green", CheckState.WARNING: "yellow", CheckState.BAD: "red"}


def run_sync_job() -> None:
    """Read the directory when it is time; how it went is in the log and in `/helse`."""
    last = find_last_sync()
    every = timedelta(minutes=sync_minutes(get_settings()))
    if last is None or now() - last.finished_at >= every:
        run_sync()


@commands.command("sync")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--accept", is_flag=True, help="Also when many leave or a role group became empty.")
def sync(dry_run: bool, accept: bool) -> None:
    """Read the directory and bring the portal in step with it."""
    if dry_run:
        try:
            plan: SyncPlan | None = plan_sync(directory_of(get_settings()).fetch_everything())
        except (DirectoryFailed, ValueError) as error:
            raise click.ClickException(str(error)) from error
    else:
        plan = run_sync(force=accept)
    if plan is None:
        raise click.ClickException("Katalogen ble ikke lest. Ingenting er endret.")
    click.echo(", ".join(f"{_COUNTS[name]} {count}" for name, count in plan.counts().items()))
    if dry_run:
        _say_plan(plan)
    for stop in plan.stops:
        click.secho(f"stopp: {_stop_words(stop)}", fg="red")
    if plan.stops and not accept:
        raise click.ClickException("Ingenting er endret. Er dette riktig, bruk --accept.")


def _stop_words(stop: str) -> str:
    kind, _colon, detail = stop.partition(":")
    words = _STOPS[kind]
    return f"{words}: {detail}" if detail else words


def _say_plan(plan: SyncPlan) -> None:
    for change in plan.units:
        kind = "ny enhet" if change.is_new else "endret enhet"
        click.echo(f"{kind}: {change.unit.name} ({change.unit.level})")
    for key in plan.units_gone:
        click.echo(f"enhet borte: {key}")
    for person in plan.persons:
        kind = "ny" if person.is_new else "tilbake" if person.is_back else "endret"
        parts = [
            *person.fields * (not person.is_new),
            *(f"+{role}" for role, _unit in sorted(person.granted, key=str)),
            *(f"-{role}" for role, _unit in sorted(person.revoked, key=str)),
            *["enhet"] * person.has_moved,
        ]
        click.echo(f"{kind}: {person.person.username} {' '.join(parts)}".rstrip())
    for key in plan.gone:
        click.echo(f"borte: {key}")


@commands.command("check")
def check() -> None:
    """Try the directory step by step; exit 1 when something is wrong."""
    lines = directory_of(get_settings()).check()
    for line in lines:
        click.secho(f"{line.state:9} {line.name}: {line.detail}", fg=_COLOURS[line.state])
    if any(line.state is CheckState.BAD for line in lines):
        raise SystemExit(1)


@commands.command("check-user")
@click.argument("name")
def check_user(name: str) -> None:
    """Tell what the directory says about a user name: key, groups, roles, why not."""
    settings = get_settings()
    try:
        person = directory_of(settings).find_person(name)
    except DirectoryFailed as error:
        raise click.ClickException(str(error)) from error
    if person is None:
        raise click.ClickException("Ingen konto, eller flere enn én, svarer til dette navnet.")
    for label, value in _facts_about(person):
        click.echo(f"{label:12} {value}")
    if not person.is_enabled:
        raise SystemExit(1)


def _facts_about(person: DirectoryPerson) -> list[tuple[str, str]]:
    units = load_unit_state()
    names = {unit.key: unit.name for unit in units}
    grants = RoleBook(units, role_rules(get_settings())).grants_of(person)
    return [
        ("navn", person.name),
        ("brukernavn", person.username),
        ("nøkkel", person.key),
        ("e-post", person.email or "-"),
        ("i bruk", "ja" if person.is_enabled else "nei: kontoen er deaktivert"),
        (
            "enheter",
            ", ".join(names.get(key, f"{key} (ikke hentet ennå)") for key in person.unit_keys),
        ),
        ("grupper", ", ".join(sorted(person.groups)) or "-"),
        (
            "roller",
            ", ".join(
                f"{role} ({names.get(unit, unit) if unit else 'hele kommunen'})"
                for role, unit in sorted(grants, key=str)
            )
            or "-",
        ),
    ]
