"""Database triggers that refuse to change or remove audit entries, for both databases.

One change is let through: an actor's name and its salt emptied together, all else as it was. That
is erasure by law; `queries.find_fault` asks for the entry that tells of it.
"""

from __future__ import annotations

MESSAGE = "audit entries are never changed"
_STAYS = (
    *("sequence", "happened_at", "event", "actor_id", "on_behalf_of", "subject", "subject_id"),
    *("unit_id", "details", "digest", "actor_commitment"),
)


def _is_erasure(same: str) -> str:
    """Return the condition that an update only erases a name; `same` compares, also with NULL."""
    kept = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in _STAYS)
    return (
        "OLD.actor_commitment IS NOT NULL AND NEW.actor_name = '' AND NEW.actor_salt = '' "
        f"AND {kept}"
    )


SQLITE = (
    "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry "
    f"WHEN NOT ({_is_erasure('IS')}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF {_is_erasure('IS NOT DISTINCT FROM')} "
    f"THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '{MESSAGE}'; END $$",
    "CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
)


def statements(dialect: str) -> tuple[str, ...]:
    """Return the statements that make the guard on the database."""
    return SQLITE if dialect == "sqlite" else POSTGRESQL
