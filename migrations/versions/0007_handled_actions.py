"""Actions that are rated, proved and given on; rejections that were looked at

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('corrective_action', schema=None) as batch_op:
        batch_op.add_column(sa.Column('background', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('effect', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('effect_note', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('rated_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('rated_by', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_corrective_action_rated_by_person'), 'person', ['rated_by'], ['id'])

    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rejection_seen_at', sa.DateTime(), nullable=True))

    with op.batch_alter_table('deviation_file', schema=None) as batch_op:
        batch_op.add_column(sa.Column('action_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_deviation_file_action_id'), ['action_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_deviation_file_action_id_corrective_action'), 'corrective_action', ['action_id'], ['id'])



def downgrade():
    with op.batch_alter_table('deviation_file', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_deviation_file_action_id_corrective_action'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_deviation_file_action_id'))
        batch_op.drop_column('action_id')

    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.drop_column('rejection_seen_at')

    with op.batch_alter_table('corrective_action', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_corrective_action_rated_by_person'), type_='foreignkey')
        batch_op.drop_column('rated_by')
        batch_op.drop_column('rated_at')
        batch_op.drop_column('effect_note')
        batch_op.drop_column('effect')
        batch_op.drop_column('background')

