"""Linked deviations, and their place on the desk

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('deviation_link',
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_deviation_link_order')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_deviation_link_created_by_person')),
    sa.ForeignKeyConstraint(['first_id'], ['deviation.id'], name=op.f('fk_deviation_link_first_id_deviation')),
    sa.ForeignKeyConstraint(['second_id'], ['deviation.id'], name=op.f('fk_deviation_link_second_id_deviation')),
    sa.PrimaryKeyConstraint('first_id', 'second_id', name=op.f('pk_deviation_link'))
    )
    with op.batch_alter_table('deviation_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deviation_link_second_id'), ['second_id'], unique=False)

    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('desk_on', sa.Date(), nullable=True))
        batch_op.create_index('ix_deviation_desk', ['desk_on', 'number'], unique=False)

    # Cases that are open already get their place; a release that runs beside this one writes none.
    op.execute(
        "UPDATE deviation SET desk_on = CASE WHEN handler_id IS NULL THEN '0001-01-01' "
        "ELSE coalesce(due_on, '9999-12-31') END "
        "WHERE state IN ('reported', 'acknowledged', 'in_progress', 'actions_under_way', 'awaiting_evaluation')"
    )

def downgrade():
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.drop_index('ix_deviation_desk')
        batch_op.drop_column('desk_on')

    with op.batch_alter_table('deviation_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deviation_link_second_id'))

    op.drop_table('deviation_link')
