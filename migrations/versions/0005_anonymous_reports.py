"""Anonymous reports

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_anonymous', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table('anonymous_delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('closes_at', sa.DateTime(), nullable=False),
    sa.Column('delivers_at', sa.DateTime(), nullable=False),
    sa.Column('is_closed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anonymous_delivery'))
    )
    op.create_table('anonymous_report',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('is_ready', sa.Boolean(), nullable=False),
    sa.Column('content', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('deviation_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['deviation_id'], ['deviation.id'], name=op.f('fk_anonymous_report_deviation_id_deviation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anonymous_report')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_anonymous_report_code_hash')),
    sa.UniqueConstraint('deviation_id', name=op.f('uq_anonymous_report_deviation_id')),
    sqlite_with_rowid=False
    )
    op.create_table('anonymous_message',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('report_id', sa.String(length=36), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('is_ready', sa.Boolean(), nullable=False),
    sa.Column('is_not_solved', sa.Boolean(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['anonymous_report.id'], name=op.f('fk_anonymous_message_report_id_anonymous_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anonymous_message')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('anonymous_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_anonymous_message_report_id'), ['report_id'], unique=False)

    op.create_table('anonymous_file',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('report_id', sa.String(length=36), nullable=False),
    sa.Column('message_id', sa.String(length=36), nullable=True),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['anonymous_message.id'], name=op.f('fk_anonymous_file_message_id_anonymous_message')),
    sa.ForeignKeyConstraint(['report_id'], ['anonymous_report.id'], name=op.f('fk_anonymous_file_report_id_anonymous_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anonymous_file')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('anonymous_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_anonymous_file_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_anonymous_file_report_id'), ['report_id'], unique=False)


def downgrade():
    op.drop_table('anonymous_file')
    op.drop_table('anonymous_message')
    op.drop_table('anonymous_report')
    op.drop_table('anonymous_delivery')
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.drop_column('is_anonymous')
