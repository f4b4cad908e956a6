"""Who must read a document, who was asked, and who confirmed.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("document", sa.Column("significant_version", sa.Integer(), nullable=True))
    op.add_column("document", sa.Column("questions", sa.JSON(none_as_null=True), nullable=True))
    # What was published before is to be read in its last significant version, or in its first.
    op.execute(
        """
        UPDATE document SET significant_version = COALESCE(
            (SELECT MAX(r.number) FROM document_revision r
             WHERE r.document_id = document.id AND r.approved_at IS NOT NULL AND r.is_significant),
            (SELECT MIN(r.number) FROM document_revision r
             WHERE r.document_id = document.id AND r.approved_at IS NOT NULL)
        )
        """
    )
    op.create_table(
        "document_reading_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("readers", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=160), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_document_reading_rule_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_reading_rule_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_document_reading_rule_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_reading_rule")),
        sa.UniqueConstraint(
            "document_id",
            "unit_id",
            "readers",
            "value",
            name=op.f("uq_document_reading_rule_document_id_unit_id_readers_value"),
        ),
    )
    op.create_index(op.f("ix_document_reading_rule_unit_id"), "document_reading_rule", ["unit_id"])
    op.create_table(
        "document_reading_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_reading_request_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_document_reading_request_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_reading_request")),
        sa.UniqueConstraint(
            "document_id",
            "person_id",
            "revision_number",
            name=op.f("uq_document_reading_request_document_id_person_id_revision_number"),
        ),
    )
    op.create_index(
        "ix_document_reading_request_remind_on", "document_reading_request", ["remind_on", "document_id"]
    )
    op.create_index(
        op.f("ix_document_reading_request_person_id"), "document_reading_request", ["person_id"]
    )
    op.create_table(
        "document_read_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_read_receipt_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_document_read_receipt_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_read_receipt")),
        sa.UniqueConstraint(
            "document_id",
            "person_id",
            "revision_number",
            name=op.f("uq_document_read_receipt_document_id_person_id_revision_number"),
        ),
    )
    op.create_index(op.f("ix_document_read_receipt_person_id"), "document_read_receipt", ["person_id"])


def downgrade():
    op.drop_table("document_read_receipt")
    op.drop_table("document_reading_request")
    op.drop_table("document_reading_rule")
    op.drop_column("document", "questions")
    op.drop_column("document", "significant_version")
