"""Risk, and texts that were corrected

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('deviation_correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deviation_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_deviation_correction_created_by_person')),
    sa.ForeignKeyConstraint(['deviation_id'], ['deviation.id'], name=op.f('fk_deviation_correction_deviation_id_deviation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deviation_correction'))
    )
    with op.batch_alter_table('deviation_correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deviation_correction_deviation_id'), ['deviation_id'], unique=False)

    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('risk_consequence', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('risk_probability', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_corrected', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint(op.f('ck_deviation_risk_consequence'), 'risk_consequence between 1 and 5')
        batch_op.create_check_constraint(op.f('ck_deviation_risk_probability'), 'risk_probability between 1 and 5')



def downgrade():
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_deviation_risk_probability'), type_='check')
        batch_op.drop_constraint(op.f('ck_deviation_risk_consequence'), type_='check')
        batch_op.drop_column('is_corrected')
        batch_op.drop_column('risk_probability')
        batch_op.drop_column('risk_consequence')

    with op.batch_alter_table('deviation_correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deviation_correction_deviation_id'))

    op.drop_table('deviation_correction')
