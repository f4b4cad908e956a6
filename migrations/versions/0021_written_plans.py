"""Written plans for the environment of a pupil or a child

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('deviation_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deviation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('child_view', sa.Text(), nullable=False),
    sa.Column('measures', sa.JSON(), nullable=False),
    sa.Column('evaluate_on', sa.Date(), nullable=False),
    sa.Column('change_note', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_deviation_plan_number')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_deviation_plan_created_by_person')),
    sa.ForeignKeyConstraint(['deviation_id'], ['deviation.id'], name=op.f('fk_deviation_plan_deviation_id_deviation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deviation_plan')),
    sa.UniqueConstraint('deviation_id', 'number', name=op.f('uq_deviation_plan_deviation_id_number'))
    )
    op.create_index(op.f('ix_deviation_plan_deviation_id'), 'deviation_plan', ['deviation_id'], unique=False)


def downgrade():
    op.drop_table('deviation_plan')
