"""Deviations that are merged

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('duplicate_of_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('state_before_merge', sa.String(length=24), nullable=True))
        batch_op.create_index(batch_op.f('ix_deviation_duplicate_of_id'), ['duplicate_of_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_deviation_duplicate_of_id_deviation'), 'deviation', ['duplicate_of_id'], ['id'])



def downgrade():
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_deviation_duplicate_of_id_deviation'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_deviation_duplicate_of_id'))
        batch_op.drop_column('state_before_merge')
        batch_op.drop_column('duplicate_of_id')

