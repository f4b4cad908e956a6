"""Telephone numbers of authorities as the administrator's table

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

POLICE = ("Politiet", "Politiet", "The police")
FIRE = ("Brannvesenet", "Brannvesenet", "The fire service")
URGENT = ("Når det haster", "Når det hastar", "When it is urgent")
NOT_URGENT = ("Når det ikke haster", "Når det ikkje hastar", "When it is not urgent")
# Kind, number, name and note in three languages.
NUMBERS = (
    ("work_injury", "113", ("Ambulanse", "Ambulanse", "Ambulance"),
     ("Ring først hvis liv er i fare", "Ring først dersom liv er i fare",
      "Call first if life is in danger")),
    ("work_injury", "73 19 97 00", ("Arbeidstilsynet",) * 3,
     ("Tast 3 for ulykke, hverdager 8–15", "Tast 3 for ulykke, kvardagar 8–15",
      "Press 3 for an accident, weekdays 8–15")),
    ("work_injury", "112", POLICE, URGENT),
    ("work_injury", "02800", POLICE, NOT_URGENT),
    ("violence", "112", POLICE, URGENT),
    ("violence", "02800", POLICE, NOT_URGENT),
    ("data_breach", "22 39 69 00", ("Datatilsynet",) * 3,
     ("Råd på telefon. Selve meldingen sendes skriftlig",
      "Råd på telefon. Sjølve meldinga blir send skriftleg",
      "Advice by telephone. The notification itself is sent in writing")),
    ("fire", "110", FIRE, ("Når det brenner", "Når det brenn", "When there is a fire")),
    ("pollution", "110", FIRE,
     ("All akutt forurensning", "All akutt forureining", "All acute pollution")),
    ("pollution", "120", ("Kystradioen", "Kystradioen", "Coastal radio"),
     ("Forurensning fra skip", "Forureining frå skip", "Pollution from ships")),
    ("drinking_water", "22 40 00 00", ("Mattilsynet",) * 3,
     ("Velg beredskapsvakta utenom arbeidstid", "Vel beredskapsvakta utanom arbeidstid",
      "Choose the emergency duty outside office hours")),
    ("drinking_water", "21 07 88 88",
     ("Nasjonal vannvakt", "Nasjonal vassvakt", "National water watch"),
     ("Råd til vannverk hele døgnet", "Råd til vassverk heile døgnet",
      "Advice to waterworks day and night")),
)


def upgrade():
    numbers = op.create_table('deviation_authority_number',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('name_nb', sa.String(length=80), nullable=False),
    sa.Column('name_nn', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('note_nb', sa.String(length=120), nullable=False),
    sa.Column('note_nn', sa.String(length=120), nullable=False),
    sa.Column('note_en', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deviation_authority_number'))
    )
    op.create_index(op.f('ix_deviation_authority_number_kind'), 'deviation_authority_number', ['kind'], unique=False)
    op.bulk_insert(
        numbers,
        [
            {
                "version": 1, "kind": kind, "number": number, "position": position, "is_active": True,
                "name_nb": name[0], "name_nn": name[1], "name_en": name[2],
                "note_nb": note[0], "note_nn": note[1], "note_en": note[2],
            }
            for position, (kind, number, name, note) in enumerate(NUMBERS)
        ],
    )


def downgrade():
    op.drop_table('deviation_authority_number')
