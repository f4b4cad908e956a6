"""`flask demo seed | accounts`: Havnsund kommune, for trials only."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from intranet.core.errors import IntranetError
from intranet.core.settings import get_settings
from intranet.core.transaction import transaction
from intranet.demo.actions.directory_file import DEMO_PASSWORD
from intranet.demo.actions.seed import (
    is_seeded,
    prepare,
    refuse_unless_demo,
    seed_municipality,
)
from intranet.demo.organisation import build_organisation
from intranet.laws.importing import import_demo_texts
from intranet.search import indexing

commands = AppGroup("demo", help="The demonstration municipality; never in production.")


@commands.command("seed")
def seed() -> None:
    """Bring Havnsund kommune to life; does nothing when there is content already."""
    settings = get_settings()
    try:
        refuse_unless_demo(settings)
    except IntranetError as error:
        raise click.ClickException(str(error)) from error
    if is_seeded():
        click.echo("demo: there is content already; nothing to do")
        return
    prepared = prepare(settings)
    with transaction():
        seed_municipality(prepared, lambda line: click.echo(f"demo: {line}"))
    click.echo(f"demo: {import_demo_texts()} law texts")
    click.echo(f"demo: {indexing.rebuild():,} entries in the search index")


@commands.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list.")
def accounts(as_json: bool) -> None:
    """List one account of each kind, with its password."""
    organisation = build_organisation()
    rows = [
        {
            "username": person.username,
            "password": DEMO_PASSWORD,
            "name": person.name,
            "unit": organisation.unit(person.unit_keys[0]).name,
            "role": person.account_role or "",
        }
        for person in organisation.accounts()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['username']:20} {row['password']}  {row['role']:24} {row['name']}")
