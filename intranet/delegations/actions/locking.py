"""Holds a tree of delegations still while something in it is changed."""

from __future__ import annotations

from sqlalchemy import select

from intranet.core.errors import NotFound
from intranet.core.text import _
from intranet.delegations.models import Delegation
from intranet.delegations.queries.rows import GRANTS, grant_of
from intranet.delegations.rules import Grant, chain_of
from intranet.extensions import db
from intranet.people.queries.persons import find_row


def load_chain(delegation_id: int) -> tuple[Delegation, tuple[Grant, ...]]:
    """Return the delegation and its chain, the tree locked until the transaction ends."""
    delegation, grants = load_tree(delegation_id)
    return delegation, chain_of(delegation_id, grants)


def load_tree(delegation_id: int) -> tuple[Delegation, dict[int, Grant]]:
    """Return the delegation and all of its tree, locked by the root. Raises NotFound.

    Whoever passes on and whoever withdraws take the same lock: nothing grows out of what another
    is ending.
    """
    found = find_row(Delegation, delegation_id)
    if found is None:
        raise NotFound(_("Vi finner ikke denne fullmakten."))
    root_id = found.root_id
    db.session.execute(select(Delegation.id).where(Delegation.id == root_id).with_for_update())
    # What was read before the lock was had may be old.
    db.session.refresh(found)
    rows = db.session.execute(GRANTS.where(Delegation.root_id == root_id))
    return found, {row.id: grant_of(row) for row in rows}
