"""What must be read and who has, and what every page says in a crisis.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

from intranet.core.models import UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("article", sa.Column("must_read_by", sa.Date(), nullable=True))
    op.create_index(
        "ix_article_must_read",
        "article",
        ["must_read_by"],
        sqlite_where=sa.text("must_read_by IS NOT NULL"),
        postgresql_where=sa.text("must_read_by IS NOT NULL"),
    )
    op.create_table(
        "article_receipt",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_receipt_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_article_receipt_person_id_person")
        ),
        sa.PrimaryKeyConstraint("article_id", "person_id", name=op.f("pk_article_receipt")),
    )
    op.create_index(op.f("ix_article_receipt_person_id"), "article_receipt", ["person_id"])
    op.create_table(
        "article_request",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_request_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_article_request_person_id_person")
        ),
        sa.PrimaryKeyConstraint("article_id", "person_id", name=op.f("pk_article_request")),
    )
    op.create_index(op.f("ix_article_request_person_id"), "article_request", ["person_id"])
    op.create_index(op.f("ix_article_request_remind_on"), "article_request", ["remind_on"])
    op.create_table(
        "crisis_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("send_key", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("sends_mail", sa.Boolean(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("alone_reason", sa.String(length=300), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_crisis_notice_proposed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_crisis_notice_approved_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["person.id"], name=op.f("fk_crisis_notice_ended_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crisis_notice")),
        sa.UniqueConstraint("send_key", name=op.f("uq_crisis_notice_send_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_crisis_notice_state"), "crisis_notice", ["state"])


def downgrade():
    op.drop_table("crisis_notice")
    op.drop_table("article_request")
    op.drop_table("article_receipt")
    op.drop_index("ix_article_must_read", "article")
    op.drop_column("article", "must_read_by")
