"""Documents from a former system: each taking in, its lines, and where documents were.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def _key(table, column, target):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade():
    table = "document_take_in"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("list_name", sa.String(length=255), nullable=False),
        sa.Column("archive_id", sa.Integer(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("unlisted", sa.JSON(), nullable=False),
        sa.Column("unlisted_count", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.String(length=500), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _key(table, "created_by", "person"),
        _key(table, "archive_id", "stored_file"),
        _key(table, "approver_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_state", table, ["state", "id"])
    for column in ("created_by", "archive_id", "approver_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])

    table = "document_take_in_line"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        _key(table, "run_id", "document_take_in"),
        _key(table, "document_id", "document"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("run_id", "line", name=op.f(f"uq_{table}_run_id_line")),
    )
    op.create_index(f"ix_{table}_outcome", table, ["run_id", "outcome"])
    op.create_index(op.f(f"ix_{table}_document_id"), table, ["document_id"])

    table = "document_origin"
    op.create_table(
        table,
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=80), nullable=True),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        _key(table, "document_id", "document"),
        _key(table, "run_id", "document_take_in"),
        sa.PrimaryKeyConstraint("document_id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("number_key", name=op.f(f"uq_{table}_number_key")),
        sa.UniqueConstraint("sha256", name=op.f(f"uq_{table}_sha256")),
    )
    op.create_index(op.f(f"ix_{table}_run_id"), table, ["run_id"])


def downgrade():
    for table in ("document_origin", "document_take_in_line", "document_take_in"):
        op.drop_table(table)
