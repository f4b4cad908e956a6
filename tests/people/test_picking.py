"""Fields where a person is chosen propose those who fit, and understand what was chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from intranet.core.errors import InvalidInput
from intranet.extensions import db
from intranet.people.models import Person
from intranet.people.queries.pages import find_by_name
from intranet.people.queries.persons import get_person_by_text
from tests.browser import Browser
from tests.cast import Cast

LogIn = Callable[[int], Browser]


def test_the_field_says_where_its_proposals_come_from(people: Cast, log_in: LogIn) -> None:
    (field,) = log_in(people.mona).get("/stedfortreder").find("//input[@name='stand_in']")
    assert field.get("data-suggest") == "/ansatte/forslag"
    assert field.get("data-suggest-label") == "Stedfortreder"


def test_who_shares_a_name_is_meant_by_number_and_only_while_at_work(
    app: Flask, people: Cast
) -> None:
    with app.app_context():
        twin = db.session.get_one(Person, people.jonas)
        typed = f"{twin.name} (nr. {twin.id})"
        assert get_person_by_text(typed, field="person") == people.jonas
        found = find_by_name(typed)
        assert found is not None
        assert found.id == people.jonas
        twin.is_directory_active = False
        db.session.flush()
        assert find_by_name(typed) is None
        with pytest.raises(InvalidInput):
            get_person_by_text(typed, field="person")
        db.session.rollback()
