"""Indexes of the desk

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

_INDEXES = (
    ('ix_deviation_open_line', ['line_unit_id', 'desk_on'], 'desk_on IS NOT NULL AND line_unit_id IS NOT NULL'),
    ('ix_deviation_open_handler', ['handler_unit_id', 'desk_on'], 'desk_on IS NOT NULL AND handler_unit_id IS NOT NULL'),
    ('ix_deviation_rejected', ['state', 'rejection_seen_at', 'handler_unit_id'], "state = 'rejected' AND rejection_seen_at IS NULL"),
)


def upgrade():
    for name, columns, rows in _INDEXES:
        op.create_index(name, 'deviation', columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


def downgrade():
    for name, _columns, _rows in reversed(_INDEXES):
        op.drop_index(name, table_name='deviation')
