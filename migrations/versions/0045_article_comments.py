"""Comments on articles, who found them useful, and which were written under former rules.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

from intranet.core.models import UtcDateTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "article",
        sa.Column("allows_comments", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "article",
        sa.Column("former_rules", sa.String(length=200), nullable=False, server_default=""),
    )
    op.create_table(
        "article_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("send_key", sa.String(length=36), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hidden_at", UtcDateTime(), nullable=True),
        sa.Column("hidden_by", sa.Integer(), nullable=True),
        sa.Column("hidden_reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_comment_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_article_comment_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["person.id"], name=op.f("fk_article_comment_hidden_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_comment")),
        sa.UniqueConstraint("send_key", name=op.f("uq_article_comment_send_key")),
    )
    op.create_index(op.f("ix_article_comment_article_id"), "article_comment", ["article_id"])
    op.create_index(op.f("ix_article_comment_author_id"), "article_comment", ["author_id"])
    op.create_table(
        "article_useful",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_useful_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_article_useful_person_id_person")
        ),
        sa.PrimaryKeyConstraint("article_id", "person_id", name=op.f("pk_article_useful")),
    )
    op.create_index(op.f("ix_article_useful_person_id"), "article_useful", ["person_id"])


def downgrade():
    op.drop_table("article_useful")
    op.drop_table("article_comment")
    op.drop_column("article", "former_rules")
    op.drop_column("article", "allows_comments")
