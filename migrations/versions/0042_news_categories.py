"""What an article is about, and the roles that it is for.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("article", sa.Column("category", sa.String(length=20), nullable=True))
    op.create_index(
        "ix_article_category", "article", ["category", "state", "publish_at", "id"]
    )
    op.create_table(
        "article_role_target",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_role_target_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "role", name=op.f("pk_article_role_target")),
    )


def downgrade():
    op.drop_table("article_role_target")
    op.drop_index("ix_article_category", "article")
    op.drop_column("article", "category")
