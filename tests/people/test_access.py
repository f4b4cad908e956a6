"""Roles given by hand: what an administrator may and may not give."""

from __future__ import annotations

import pytest
from flask import Flask

from intranet.core.actor import Role
from intranet.core.errors import NotAllowed
from intranet.extensions import db
from intranet.people.actions.access import grant_role
from intranet.people.forms import GrantRoleForm
from intranet.people.models import Person
from tests import cast


def test_an_administrator_cannot_let_oneself_in_to_whistleblowing(
    context: Flask, people: cast.Cast
) -> None:
    """AZ-13: only a group in the directory makes a recipient."""
    adam = db.session.get_one(Person, people.adam)
    with pytest.raises(NotAllowed):
        grant_role(adam, Role.WHISTLEBLOWING_RECIPIENT, None, actor=cast.viewer(people.adam))
    with context.test_request_context():
        offered = {str(choice.value) for choice in GrantRoleForm().role.choices}
    assert Role.HR in offered
    assert Role.WHISTLEBLOWING_RECIPIENT not in offered
