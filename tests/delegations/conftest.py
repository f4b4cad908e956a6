"""Delegations for the tests, given by the product's own actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.transaction import transaction
from intranet.delegations.actions import give
from intranet.delegations.models import DelegationKind
from intranet.extensions import db
from tests import cast
from tests.conftest import MORNING

Give = Callable[..., int]
FIRST = date(2026, 1, 1)


def kind_id(name: str) -> int:
    """Return the number of the kind with this name."""
    return db.session.scalars(select(DelegationKind.id).where(DelegationKind.name == name)).one()


def give_delegation(people: cast.Cast, **said: Any) -> int:
    """Give one and return its number; the council's to the chief unless told otherwise.

    `parent` and `actor` make it one that is passed on.
    """
    parent, actor = said.pop("parent", None), said.pop("actor", people.adam)
    kind = said.pop("kind", "Anvise utgifter")
    if not {"holder_id", "office_id"} & said.keys():
        said["office_id"] = people.municipality
    terms = give.Terms(
        **{
            "kind_id": kind_id(kind),
            "unit_id": people.municipality,
            "holder_id": None,
            "office_id": None,
            "amount": None,
            "starts_on": FIRST,
            "may_pass_on": True,
            "source": "" if parent else "Kommunestyret, sak 12/2026",
            **said,
        }
    )
    with transaction():
        viewer = cast.viewer(actor)
        if parent:
            return give.pass_on(parent, terms, actor=viewer).id
        return give.register_delegation(terms, actor=viewer).id


@pytest.fixture(autouse=True)
def _day(at: Callable[[datetime], None]) -> None:
    """Tuesday 13 October 2026."""
    at(MORNING)


@pytest.fixture
def given(app: Flask, people: cast.Cast) -> Give:
    """Return a function that commits a delegation and returns its number."""

    def make(**said: Any) -> int:
        with app.app_context():
            number = give_delegation(people, **said)
            db.session.remove()
        return number

    return make
