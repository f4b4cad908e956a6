"""The causes that the handler finds in a case

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('deviation_cause_choice',
    sa.Column('deviation_id', sa.Integer(), nullable=False),
    sa.Column('cause_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['cause_id'], ['deviation_cause.id'], name=op.f('fk_deviation_cause_choice_cause_id_deviation_cause')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_deviation_cause_choice_created_by_person')),
    sa.ForeignKeyConstraint(['deviation_id'], ['deviation.id'], name=op.f('fk_deviation_cause_choice_deviation_id_deviation')),
    sa.PrimaryKeyConstraint('deviation_id', 'cause_id', name=op.f('pk_deviation_cause_choice'))
    )
    with op.batch_alter_table('deviation_cause_choice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deviation_cause_choice_cause_id'), ['cause_id'], unique=False)

    op.add_column('deviation', sa.Column('cause_note', sa.Text(), server_default='', nullable=False))


def downgrade():
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.drop_column('cause_note')

    with op.batch_alter_table('deviation_cause_choice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deviation_cause_choice_cause_id'))

    op.drop_table('deviation_cause_choice')
