"""Whistleblowing

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('whistle_case',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('report_id', sa.String(length=36), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('happened', sa.String(length=200), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('concerns', sa.Text(), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('assessed_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('is_whistleblowing', sa.Boolean(), nullable=True),
    sa.Column('conclusion', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['report_id'], ['anonymous_report.id'], name=op.f('fk_whistle_case_report_id_anonymous_report')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_whistle_case_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_whistle_case')),
    sa.UniqueConstraint('number', name=op.f('uq_whistle_case_number')),
    sa.UniqueConstraint('report_id', name=op.f('uq_whistle_case_report_id')),
    sqlite_with_rowid=False
    )
    op.create_table('whistle_check',
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('months', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('done_by', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['whistle_case.id'], name=op.f('fk_whistle_check_case_id_whistle_case')),
    sa.ForeignKeyConstraint(['done_by'], ['person.id'], name=op.f('fk_whistle_check_done_by_person')),
    sa.PrimaryKeyConstraint('case_id', 'months', name=op.f('pk_whistle_check'))
    )
    with op.batch_alter_table('whistle_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_whistle_check_due_on'), ['due_on'], unique=False)

    op.create_table('whistle_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('is_from_whistleblower', sa.Boolean(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_whistle_entry_author_id_person')),
    sa.ForeignKeyConstraint(['case_id'], ['whistle_case.id'], name=op.f('fk_whistle_entry_case_id_whistle_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_whistle_entry'))
    )
    with op.batch_alter_table('whistle_entry', schema=None) as batch_op:
        batch_op.create_index('ix_whistle_entry_story', ['case_id', 'id'], unique=False)

    op.create_table('whistle_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('stored_file_id', sa.Integer(), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['whistle_case.id'], name=op.f('fk_whistle_file_case_id_whistle_case')),
    sa.ForeignKeyConstraint(['stored_file_id'], ['stored_file.id'], name=op.f('fk_whistle_file_stored_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_whistle_file')),
    sa.UniqueConstraint('stored_file_id', name=op.f('uq_whistle_file_stored_file_id'))
    )
    with op.batch_alter_table('whistle_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_whistle_file_case_id'), ['case_id'], unique=False)

    op.create_table('whistle_party',
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['whistle_case.id'], name=op.f('fk_whistle_party_case_id_whistle_case')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_whistle_party_person_id_person')),
    sa.PrimaryKeyConstraint('case_id', 'person_id', name=op.f('pk_whistle_party'))
    )
    with op.batch_alter_table('whistle_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_whistle_party_person_id'), ['person_id'], unique=False)

    op.create_table('whistle_reader',
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('is_investigator', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['whistle_case.id'], name=op.f('fk_whistle_reader_case_id_whistle_case')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_whistle_reader_created_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_whistle_reader_person_id_person')),
    sa.PrimaryKeyConstraint('case_id', 'person_id', name=op.f('pk_whistle_reader'))
    )
    with op.batch_alter_table('whistle_reader', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_whistle_reader_person_id'), ['person_id'], unique=False)

    op.create_table('whistle_opening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['whistle_case.id'], name=op.f('fk_whistle_opening_case_id_whistle_case')),
    sa.ForeignKeyConstraint(['file_id'], ['whistle_file.id'], name=op.f('fk_whistle_opening_file_id_whistle_file')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_whistle_opening_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_whistle_opening'))
    )
    with op.batch_alter_table('whistle_opening', schema=None) as batch_op:
        batch_op.create_index('ix_whistle_opening_case', ['case_id', 'id'], unique=False)

    with op.batch_alter_table('anonymous_report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('room', sa.String(length=20), server_default='deviations', nullable=False))



def downgrade():
    with op.batch_alter_table('anonymous_report', schema=None) as batch_op:
        batch_op.drop_column('room')

    with op.batch_alter_table('whistle_opening', schema=None) as batch_op:
        batch_op.drop_index('ix_whistle_opening_case')

    op.drop_table('whistle_opening')
    with op.batch_alter_table('whistle_reader', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_whistle_reader_person_id'))

    op.drop_table('whistle_reader')
    with op.batch_alter_table('whistle_party', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_whistle_party_person_id'))

    op.drop_table('whistle_party')
    with op.batch_alter_table('whistle_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_whistle_file_case_id'))

    op.drop_table('whistle_file')
    with op.batch_alter_table('whistle_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_whistle_entry_story')

    op.drop_table('whistle_entry')
    with op.batch_alter_table('whistle_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_whistle_check_due_on'))

    op.drop_table('whistle_check')
    op.drop_table('whistle_case')
