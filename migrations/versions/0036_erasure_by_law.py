"""What the law lets be erased of a person: decisions, and names that the audit can do without.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

DROP = {
    "sqlite": "DROP TRIGGER audit_entry_no_update",
    "postgresql": "DROP TRIGGER audit_entry_guard ON audit_entry",
}
GUARD = {
    "sqlite": ("CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry WHEN NOT (OLD.actor_commitment IS NOT NULL AND NEW.actor_name = '' AND NEW.actor_salt = '' AND NEW.sequence IS OLD.sequence AND NEW.happened_at IS OLD.happened_at AND NEW.event IS OLD.event AND NEW.actor_id IS OLD.actor_id AND NEW.on_behalf_of IS OLD.on_behalf_of AND NEW.subject IS OLD.subject AND NEW.subject_id IS OLD.subject_id AND NEW.unit_id IS OLD.unit_id AND NEW.details IS OLD.details AND NEW.digest IS OLD.digest AND NEW.actor_commitment IS OLD.actor_commitment) BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END",),
    "postgresql": ("CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF OLD.actor_commitment IS NOT NULL AND NEW.actor_name = '' AND NEW.actor_salt = '' AND NEW.sequence IS NOT DISTINCT FROM OLD.sequence AND NEW.happened_at IS NOT DISTINCT FROM OLD.happened_at AND NEW.event IS NOT DISTINCT FROM OLD.event AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id AND NEW.on_behalf_of IS NOT DISTINCT FROM OLD.on_behalf_of AND NEW.subject IS NOT DISTINCT FROM OLD.subject AND NEW.subject_id IS NOT DISTINCT FROM OLD.subject_id AND NEW.unit_id IS NOT DISTINCT FROM OLD.unit_id AND NEW.details IS NOT DISTINCT FROM OLD.details AND NEW.digest IS NOT DISTINCT FROM OLD.digest AND NEW.actor_commitment IS NOT DISTINCT FROM OLD.actor_commitment THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION 'audit entries are never changed'; END $$", 'CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()'),
}
BEFORE = {
    "sqlite": ("CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END",),
    "postgresql": ("CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$", "CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"),
}


def upgrade():
    op.add_column("audit_entry", sa.Column("actor_salt", sa.String(length=32), nullable=True))
    op.add_column("audit_entry", sa.Column("actor_commitment", sa.String(length=64), nullable=True))
    op.add_column("person", sa.Column("erased_at", sa.DateTime(), nullable=True))
    op.create_table(
        "erasure_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_erasure_decision_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_erasure_decision_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_decision")),
    )
    op.create_index(op.f("ix_erasure_decision_person_id"), "erasure_decision", ["person_id"])
    _guard(GUARD)


def downgrade():
    _guard(BEFORE)
    op.drop_table("erasure_decision")
    op.drop_column("person", "erased_at")
    op.drop_column("audit_entry", "actor_commitment")
    op.drop_column("audit_entry", "actor_salt")


def _guard(statements):
    dialect = op.get_bind().dialect.name
    op.execute(DROP[dialect])
    for statement in statements[dialect]:
        op.execute(statement)
