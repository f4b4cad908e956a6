"""Proposed follow-up of employees after violence and harassment

Revision ID: 0020
Revises: 0019
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

# Kind, working days, and the words in three languages.
TEMPLATES = (
    ("violence", 0, "Snakk med den som ble utsatt, samme dag",
     "Snakk med den som vart utsett, same dag", "Talk with the person exposed, the same day"),
    ("violence", 2, "Tilby samtale med bedriftshelsetjenesten",
     "Tilby samtale med bedriftshelsetenesta", "Offer a talk with the occupational health service"),
    ("violence", 3, "Gå gjennom hendelsen med dem som var til stede",
     "Gå gjennom hendinga med dei som var til stades",
     "Go through the event with those who were present"),
    ("violence", 2, "Vurder om forholdet skal meldes til politiet",
     "Vurder om forholdet skal meldast til politiet",
     "Consider whether to report it to the police"),
    ("violence", 3, "Vurder om skademelding skal sendes til Nav",
     "Vurder om skademelding skal sendast til Nav",
     "Consider whether to send an injury report to Nav"),
    ("violence", 10, "Oppdater risikovurderingen av vold og trusler",
     "Oppdater risikovurderinga av vald og truslar",
     "Update the risk assessment of violence and threats"),
    ("harassment", 0, "Snakk med den som ble utsatt, samme dag",
     "Snakk med den som vart utsett, same dag", "Talk with the person exposed, the same day"),
    ("harassment", 1, "Bestem hvordan den som ble utsatt, er trygg mens saken undersøkes",
     "Bestem korleis den som vart utsett, er trygg medan saka blir undersøkt",
     "Decide how the person exposed is safe while the case is examined"),
    ("harassment", 2, "Tilby samtale med bedriftshelsetjenesten",
     "Tilby samtale med bedriftshelsetenesta", "Offer a talk with the occupational health service"),
    ("harassment", 5, "Undersøk hva som har skjedd, og hør begge sider",
     "Undersøk kva som har skjedd, og høyr begge sider",
     "Examine what has happened, and hear both sides"),
    ("harassment", 10, "Oppdater risikovurderingen av det psykososiale arbeidsmiljøet",
     "Oppdater risikovurderinga av det psykososiale arbeidsmiljøet",
     "Update the risk assessment of the psychosocial working environment"),
    ("harassment", 10, "Avtal en ny samtale med den som ble utsatt",
     "Avtal ein ny samtale med den som vart utsett",
     "Arrange another talk with the person exposed"),
)


def upgrade():
    templates = op.create_table('deviation_follow_up_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('text_nb', sa.String(length=200), nullable=False),
    sa.Column('text_nn', sa.String(length=200), nullable=False),
    sa.Column('text_en', sa.String(length=200), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.CheckConstraint('days between 0 and 250', name=op.f('ck_deviation_follow_up_template_days')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deviation_follow_up_template'))
    )
    op.create_index(op.f('ix_deviation_follow_up_template_kind'), 'deviation_follow_up_template', ['kind'], unique=False)
    op.create_table('deviation_follow_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('deviation_id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['corrective_action.id'], name=op.f('fk_deviation_follow_up_action_id_corrective_action')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_deviation_follow_up_decided_by_person')),
    sa.ForeignKeyConstraint(['deviation_id'], ['deviation.id'], name=op.f('fk_deviation_follow_up_deviation_id_deviation')),
    sa.ForeignKeyConstraint(['template_id'], ['deviation_follow_up_template.id'], name=op.f('fk_deviation_follow_up_template_id_deviation_follow_up_template')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deviation_follow_up'))
    )
    op.create_index(op.f('ix_deviation_follow_up_deviation_id'), 'deviation_follow_up', ['deviation_id'], unique=False)
    op.bulk_insert(
        templates,
        [
            {
                "version": 1, "kind": kind, "days": days, "text_nb": nb, "text_nn": nn, "text_en": en,
                "position": position, "is_active": True,
            }
            for position, (kind, days, nb, nn, en) in enumerate(TEMPLATES)
        ],
    )
    _add_clocks()


def _add_clocks():
    """Add the two clocks of harassment after those of violence, which have the same place."""
    names = (
        "version", "key", "phase", "kind", "law", "limit_kind", "amount", "question", "counts_from",
        "recipient", "is_own", "valid_from", "is_active", "position",
    )
    definitions = sa.table("deviation_clock_definition", *map(sa.column, names))
    law = "forskrift om utførelse av arbeid § 2A-4"
    for phase, amount in (("talk", 1), ("follow_up", 10)):
        op.execute(
            definitions.insert().values(
                version=1, key="harassment", phase=phase, kind="harassment", law=law,
                limit_kind="working_days", amount=amount, question="", counts_from="",
                recipient="Den som ble utsatt", is_own=True, valid_from=date(2026, 1, 1),
                is_active=True, position=4,
            )
        )


def downgrade():
    definitions = sa.table("deviation_clock_definition", sa.column("key"))
    op.execute(definitions.delete().where(definitions.c.key == "harassment"))
    op.drop_table('deviation_follow_up')
    op.drop_table('deviation_follow_up_template')
