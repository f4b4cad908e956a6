"""Statutory clocks and special types of deviations

Revision ID: 0003
Revises: 0002
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# The clocks as they were read in the law when this migration was written; the administrator's from
# then on. key, phase, kind, law, limit, amount, question, counts from, recipient, own limit, from,
# to, active, position.
CLOCKS = (
    ('work_accident', 'call', 'work_injury', 'arbeidsmiljøloven § 5-2', 'at_once', 0, 'serious', '', 'Arbeidstilsynet 73 19 97 00, politiet 112 (02800)', False, '1900-01-01', None, True, 0),
    ('work_accident', 'confirmation', 'work_injury', 'arbeidsmiljøloven § 5-2', 'working_days', 1, 'serious', '', 'Arbeidstilsynet og politiet, kopi til verneombudet', True, '1900-01-01', None, True, 1),
    ('nav_injury', 'report', 'work_injury', 'folketrygdloven § 13-14', 'working_days', 5, '', '', 'Nav', True, '2026-01-01', None, True, 2),
    ('violence', 'talk', 'violence', 'forskrift om utførelse av arbeid § 3A-6', 'working_days', 1, '', '', 'Den som ble utsatt', True, '2026-01-01', None, True, 3),
    ('violence', 'follow_up', 'violence', 'forskrift om utførelse av arbeid § 3A-6', 'working_days', 10, '', '', 'Den som ble utsatt', True, '2026-01-01', None, True, 4),
    ('data_breach', 'authority', 'data_breach', 'personvernforordningen artikkel 33', 'hours', 72, '', '', 'Datatilsynet', False, '2018-07-20', None, True, 5),
    ('data_breach', 'persons', 'data_breach', 'personvernforordningen artikkel 34', 'working_days', 3, 'risk=high', '', 'De registrerte', True, '2018-07-20', None, True, 6),
    ('care_event', 'message', 'care_event', 'helse- og omsorgstjenesteloven § 12-3 a', 'at_once', 0, 'harm+unexpected', '', 'Statens helsetilsyn og Ukom', False, '1900-01-01', '2026-06-30', True, 7),
    ('care_event', 'message', 'care_event', 'helse- og omsorgstjenesteloven § 12-3 a', 'working_days', 5, 'harm+unexpected', '', 'Statsforvalteren og Ukom, kopi til Statens helsetilsyn', False, '2026-07-01', None, True, 8),
    ('care_event', 'meeting', 'care_event', 'pasient- og brukerrettighetsloven § 3-2', 'days', 10, 'harm+unexpected', 'event', 'Pasienten, brukeren eller nærmeste pårørende', False, '2026-07-01', None, True, 9),
    ('care_event', 'report', 'care_event', 'helse- og omsorgstjenesteloven § 12-3 a', 'months', 3, 'harm+unexpected', 'message', 'Statsforvalteren', False, '2026-07-01', None, True, 10),
    ('medical_device', 'message', 'medical_device', 'forskrift om håndtering av medisinsk utstyr § 16', 'working_days', 3, '', '', 'Direktoratet for medisinske produkter', True, '1900-01-01', None, True, 11),
    ('school_staff', 'message', 'school', 'opplæringslova § 12-5', 'at_once', 0, 'staff', '', 'Rektor, og rektor til kommunen', False, '2024-08-01', None, True, 12),
    ('school_plan', 'plan', 'school', 'opplæringslova § 12-4', 'working_days', 5, '', '', 'Eleven og foreldrene', True, '2024-08-01', None, True, 13),
    ('school_plan', 'week', 'school', 'opplæringslova § 12-6', 'weeks', 1, '', '', 'Eleven og foreldrene', False, '2024-08-01', None, True, 14),
    ('nursery_staff', 'message', 'nursery', 'barnehageloven § 43', 'at_once', 0, 'staff', '', 'Styreren, og styreren til barnehageeieren', False, '1900-01-01', None, True, 15),
    ('nursery_plan', 'plan', 'nursery', 'barnehageloven § 42', 'working_days', 5, '', '', 'Foreldrene', True, '1900-01-01', None, True, 16),
    ('intervention', 'rector', 'intervention', 'opplæringslova § 13-5', 'at_once', 0, '', '', 'Rektor', False, '2024-08-01', None, True, 17),
    ('intervention', 'parents', 'intervention', 'opplæringslova § 13-5', 'working_days', 1, '', '', 'Foreldrene', True, '2024-08-01', None, True, 18),
    ('pollution', 'call', 'pollution', 'forurensningsloven § 39', 'at_once', 0, '', '', 'Brannvesenet 110', False, '1900-01-01', None, True, 19),
    ('drinking_water', 'notice', 'drinking_water', 'drikkevannsforskriften §§ 22–25', 'at_once', 0, '', '', 'Abonnentene og Mattilsynet', False, '1900-01-01', None, True, 20),
    ('digital', 'notice', 'digital', 'digitalsikkerhetsforskriften § 17', 'hours', 24, 'covered', '', 'Tilsynsmyndigheten, kopi til Nasjonalt kontaktpunkt', False, '2025-10-01', None, False, 21),
    ('digital', 'update', 'digital', 'digitalsikkerhetsforskriften § 17', 'hours', 72, 'covered', '', 'Tilsynsmyndigheten, kopi til Nasjonalt kontaktpunkt', False, '2025-10-01', None, False, 22),
    ('digital', 'report', 'digital', 'digitalsikkerhetsforskriften § 17', 'months', 1, 'covered', 'notice', 'Tilsynsmyndigheten, kopi til Nasjonalt kontaktpunkt', False, '2025-10-01', None, False, 23),
    ('stop_of_work', 'answer', 'stop_of_work', 'arbeidsmiljøloven §§ 6-2 og 6-3', 'working_days', 1, '', '', 'Verneombudet', True, '1900-01-01', None, True, 24),
)


def upgrade():
    op.create_table(
        "deviation_details",
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("is_proposed", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("hidden_text", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["chosen_by"], ["person.id"], name="fk_deviation_details_chosen_by_person"),
        sa.ForeignKeyConstraint(["deviation_id"], ["deviation.id"], name="fk_deviation_details_deviation_id_deviation"),
        sa.PrimaryKeyConstraint("deviation_id", name="pk_deviation_details"),
    )
    op.create_index("ix_deviation_details_kind", "deviation_details", ["kind"])
    op.create_table(
        "deviation_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(30), nullable=False),
        sa.Column("phase", sa.String(20), nullable=False),
        sa.Column("law", sa.String(120), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("limit_kind", sa.String(16), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("counts_from", sa.String(20), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("original_started_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("met_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sent_note", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("signal_index", sa.Integer(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(), nullable=True),
        sa.Column("climbed_unit_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["climbed_unit_id"], ["unit.id"], name="fk_deviation_clock_climbed_unit_id_unit"),
        sa.ForeignKeyConstraint(["deviation_id"], ["deviation.id"], name="fk_deviation_clock_deviation_id_deviation"),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name="fk_deviation_clock_settled_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_deviation_clock"),
        sa.UniqueConstraint("deviation_id", "key", "phase", name="uq_deviation_clock_deviation_id_key_phase"),
    )
    op.create_index("ix_deviation_clock_deviation_id", "deviation_clock", ["deviation_id"])
    op.create_index("ix_deviation_clock_next", "deviation_clock", ["state", "next_due_at"])
    definitions = op.create_table(
        "deviation_clock_definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(30), nullable=False),
        sa.Column("phase", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("law", sa.String(120), nullable=False),
        sa.Column("limit_kind", sa.String(16), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(60), nullable=False),
        sa.Column("counts_from", sa.String(20), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deviation_clock_definition"),
        sa.UniqueConstraint("key", "phase", "valid_from", name="uq_deviation_clock_definition_key_phase_valid_from"),
    )
    names = (
        "key", "phase", "kind", "law", "limit_kind", "amount", "question", "counts_from",
        "recipient", "is_own", "valid_from", "valid_to", "is_active", "position",
    )
    rows = [dict(zip(names, row), version=1) for row in CLOCKS]
    for row in rows:
        row["valid_from"] = date.fromisoformat(row["valid_from"])
        row["valid_to"] = row["valid_to"] and date.fromisoformat(row["valid_to"])
    op.bulk_insert(definitions, rows)


def downgrade():
    op.drop_table("deviation_clock_definition")
    op.drop_table("deviation_clock")
    op.drop_table("deviation_details")
