"""What a category and a tick say that an event was, and the category of violence

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

MOST_ACTIVE = 12
CATEGORIES = {"violence": "violence", "privacy": "data_breach"}
# Category, key of the question, what a tick says that it was.
QUESTIONS = (
    ("patient", "lasting", "care_event.harm"),
    ("staff", "lasting", "work_injury.serious"),
    ("staff", "treatment", "work_injury"),
    ("privacy", "open", "data_breach"),
    ("privacy", "leaked", "data_breach"),
    ("violence", "weapon", "violence"),
    ("violence", "hurt", "violence.injured"),
    ("violence", "struck", "violence"),
)
# Key, what a tick means, what it lifts to, and the words in three languages.
VIOLENCE = (
    ("weapon", 3, None, "Noen ble truet på livet, eller våpen ble brukt",
     "Nokon vart truga på livet, eller våpen vart brukt",
     "Someone's life was threatened, or a weapon was used"),
    ("hurt", 2, None, "Noen ble skadet", "Nokon vart skadd", "Someone was hurt"),
    ("struck", 1, None, "Noen ble slått, sparket, dyttet eller truet",
     "Nokon vart slegen, sparka, dytta eller truga",
     "Someone was hit, kicked, pushed or threatened"),
    ("before", 0, 2, "Det samme har skjedd før", "Det same har skjedd før",
     "The same thing has happened before"),
)


def _table(name, *columns):
    return sa.table(name, *map(sa.column, columns))


category = _table(
    "deviation_category", "id", "version", "key", "name_nb", "name_nn", "name_en", "icon", "position",
    "is_active", "proposes",
)
question = _table(
    "deviation_question", "version", "category_id", "key", "text_nb", "text_nn", "text_en",
    "means_rank", "raises_to_rank", "position", "is_active", "proposes",
)
copies = _table("deviation_copy_rule", "category", "least_rank", "role")
version = _table("deviation_settings_version", "version")


def upgrade():
    op.add_column('deviation_category', sa.Column('proposes', sa.String(length=40), nullable=True))
    op.add_column('deviation_question', sa.Column('proposes', sa.String(length=40), nullable=True))
    op.create_table('deviation_kind_proposal',
    sa.Column('deviation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('because', sa.JSON(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_deviation_kind_proposal_decided_by_person')),
    sa.ForeignKeyConstraint(['deviation_id'], ['deviation.id'], name=op.f('fk_deviation_kind_proposal_deviation_id_deviation')),
    sa.PrimaryKeyConstraint('deviation_id', name=op.f('pk_deviation_kind_proposal'))
    )
    bind = op.get_bind()
    _add_violence(bind)
    for key, proposes in CATEGORIES.items():
        bind.execute(category.update().where(category.c.key == key).values(proposes=proposes))
    for key, name, proposes in QUESTIONS:
        owner = sa.select(category.c.id).where(category.c.key == key).scalar_subquery()
        bind.execute(
            question.update()
            .where(question.c.category_id == owner, question.c.key == name)
            .values(proposes=proposes)
        )
    # Every process reads the settings anew.
    bind.execute(version.update().values(version=version.c.version + 1))


def _add_violence(bind):
    """Add the category where there is room for it; what the municipality has, stays as it is."""
    keys = set(bind.execute(sa.select(category.c.key)).scalars())
    active = bind.execute(
        sa.select(sa.func.count()).select_from(category).where(category.c.is_active)
    ).scalar_one()
    if "violence" in keys or not keys:
        return
    place = bind.execute(
        sa.select(category.c.position).where(category.c.key == "staff")
    ).scalar_one_or_none()
    bind.execute(
        category.insert().values(
            version=1, key="violence", icon="ExclamationmarkTriangle",
            name_nb="Vold eller trusler mot ansatt", name_nn="Vald eller truslar mot tilsett",
            name_en="Violence or threats against an employee",
            position=99 if place is None else place, is_active=active < MOST_ACTIVE,
        )
    )
    owner = bind.execute(sa.select(category.c.id).where(category.c.key == "violence")).scalar_one()
    for position, (key, means, raises_to, nb, nn, en) in enumerate(VIOLENCE):
        bind.execute(
            question.insert().values(
                version=1, category_id=owner, key=key, text_nb=nb, text_nn=nn, text_en=en,
                means_rank=means, raises_to_rank=raises_to, position=position, is_active=True,
            )
        )
    bind.execute(
        copies.insert().values(category="violence", least_rank=0, role="safety_representative")
    )


def downgrade():
    # The category stays: cases may name it.
    op.drop_table('deviation_kind_proposal')
    with op.batch_alter_table('deviation_question', schema=None) as batch_op:
        batch_op.drop_column('proposes')
    with op.batch_alter_table('deviation_category', schema=None) as batch_op:
        batch_op.drop_column('proposes')
