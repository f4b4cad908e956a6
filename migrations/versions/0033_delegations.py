"""Delegations of authority as data, and who has led each unit from now on.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS = (
    ("Anvise utgifter", True, False),
    ("Inngå avtaler og kjøpe inn", True, False),
    ("Ansette", False, False),
    ("Avgjøre personalsaker", False, False),
    ("Gjøre vedtak i saker", False, False),
    ("Godkjenne dokumenter", False, True),
    ("Representere kommunen", False, False),
)


def upgrade():
    op.create_table(
        "leadership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leadership_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_leadership_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leadership")),
    )
    op.create_index(op.f("ix_leadership_unit_id"), "leadership", ["unit_id"])
    op.create_index(op.f("ix_leadership_person_id"), "leadership", ["person_id"])
    # Who leads today is known from today on; who led before is not.
    op.execute(
        "INSERT INTO leadership (unit_id, person_id, known_from) "
        "SELECT id, leader_id, CURRENT_DATE FROM unit WHERE leader_id IS NOT NULL"
    )
    kinds = op.create_table(
        "delegation_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("has_amount", sa.Boolean(), nullable=False),
        sa.Column("approves_documents", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation_kind")),
        sa.UniqueConstraint("name_key", name=op.f("uq_delegation_kind_name_key")),
    )
    op.bulk_insert(
        kinds,
        [
            {
                "name": name, "name_key": name.casefold(), "description": "", "has_amount": has_amount,
                "approves_documents": approves, "is_active": True, "position": position, "version": 1,
            }
            for position, (name, has_amount, approves) in enumerate(KINDS, 1)
        ],
    )  # fmt: skip
    _create_delegations()
    with op.batch_alter_table("document_revision") as batch:
        batch.add_column(sa.Column("delegation_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_document_revision_delegation_id_delegation"), "delegation", ["delegation_id"], ["id"]
        )


def _create_delegations():
    keys = {
        "root_id": "delegation", "parent_id": "delegation", "kind_id": "delegation_kind", "unit_id": "unit",
        "holder_id": "person", "office_id": "unit", "given_by": "person", "ended_by": "person",
        "ended_with_id": "delegation",
    }  # fmt: skip
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("may_pass_on", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("law_reference", sa.String(length=200), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_cause", sa.String(length=20), nullable=False),
        sa.Column("end_reason", sa.String(length=1000), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_with_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("send_key", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(holder_id IS NULL) <> (office_id IS NULL)", name=op.f("ck_delegation_one_receiver")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_delegation_amount")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_delegation_period")),
        *[
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_delegation_{column}_{table}"))
            for column, table in keys.items()
        ],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("send_key", name=op.f("uq_delegation_send_key")),
        sqlite_autoincrement=True,
    )
    for column in ("root_id", "parent_id", "unit_id", "holder_id", "office_id", "kind_id"):
        op.create_index(op.f(f"ix_delegation_{column}"), "delegation", [column])


def downgrade():
    with op.batch_alter_table("document_revision") as batch:
        batch.drop_constraint(op.f("fk_document_revision_delegation_id_delegation"), type_="foreignkey")
        batch.drop_column("delegation_id")
    op.drop_table("delegation")
    op.drop_table("delegation_kind")
    op.drop_table("leadership")
