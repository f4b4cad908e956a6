"""Categories, questions and causes of deviations as rows

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

# The rows as they were in the product until now; the administrator's from then on.
# key, bokmål, nynorsk, English, icon.
CATEGORIES = (
    ('patient', 'Pasient eller bruker', 'Pasient eller brukar', 'Patient or service user', 'PersonGroup'),
    ('child', 'Elev eller barn', 'Elev eller barn', 'Pupil or child', 'HatSchool'),
    ('staff', 'Ansatt (HMS)', 'Tilsett (HMS)', 'Employee (HSE)', 'HardHat'),
    ('privacy', 'Personvern og IT', 'Personvern og IT', 'Data protection and IT', 'ShieldLock'),
    ('other', 'Bygg, miljø eller annet', 'Bygg, miljø eller anna', 'Buildings, environment or other', 'Buildings3'),
)
# key, bokmål, nynorsk, English, what a tick means, up to where it lifts.
PERSON = (
    ('lasting', 'Noen døde, eller fikk varig skade', 'Nokon døydde, eller fekk varig skade', 'Someone died, or suffered permanent injury', 3, None),
    ('treatment', 'Noen trengte behandling av lege, tannlege eller sykehus', 'Nokon trong behandling av lege, tannlege eller sjukehus', 'Someone needed treatment by a doctor, dentist or hospital', 2, None),
    ('could', 'Det kunne ha endt med alvorlig skade', 'Det kunne ha enda med alvorleg skade', 'It could have ended in serious injury', 1, None),
    ('before', 'Det samme har skjedd før', 'Det same har skjedd før', 'The same thing has happened before', 0, 2),
)
QUESTIONS = {
    'patient': PERSON,
    'child': PERSON,
    'staff': PERSON,
    'privacy': (
        ('open', 'Uvedkommende kan fortsatt se opplysningene', 'Uvedkomande kan framleis sjå opplysningane', 'Unauthorised people can still see the information', 2, None),
        ('sensitive', 'Det gjelder helse, barn eller andre sårbare opplysninger', 'Det gjeld helse, barn eller andre sårbare opplysningar', 'It concerns health, children or other sensitive information', 2, None),
        ('leaked', 'Noen fikk se opplysninger de ikke skulle se', 'Nokon fekk sjå opplysningar dei ikkje skulle sjå', 'Someone was able to see information they should not see', 1, None),
        ('many', 'Det gjelder flere enn hundre personer', 'Det gjeld fleire enn hundre personar', 'It concerns more than a hundred people', 0, 3),
    ),
    'other': (
        ('danger', 'Noen er i fare nå, eller bygget er utrygt', 'Nokon er i fare no, eller bygget er utrygt', 'Someone is in danger now, or the building is unsafe', 3, None),
        ('stopped', 'Tjenesten stoppet eller måtte stenge', 'Tenesta stoppa eller måtte stengje', 'The service stopped or had to close', 2, None),
        ('law', 'Vi brøt en lov eller et vedtak', 'Vi braut ei lov eller eit vedtak', 'We breached an act or a decision', 1, None),
        ('before', 'Det samme har skjedd før', 'Det same har skjedd før', 'The same thing has happened before', 0, 2),
    ),
}
# key, key of the one above, bokmål, nynorsk, English.
CAUSES = (
    ('opplaering', '', 'Opplæring og kompetanse', 'Opplæring og kompetanse', 'Training and competence'),
    ('opplaering-mangler', 'opplaering', 'Opplæringen manglet', 'Opplæringa mangla', 'Training was missing'),
    ('opplaering-utilstrekkelig', 'opplaering', 'Opplæringen var ikke nok', 'Opplæringa var ikkje nok', 'Training was not enough'),
    ('bemanning', '', 'Bemanning', 'Bemanning', 'Staffing'),
    ('bemanning-for-faa', 'bemanning', 'For få på jobb', 'For få på jobb', 'Too few at work'),
    ('bemanning-ny', 'bemanning', 'Ny eller vikar uten oppfølging', 'Ny eller vikar utan oppfølging', 'New or temporary staff without follow-up'),
    ('bemanning-tid', 'bemanning', 'For liten tid til oppgaven', 'For lita tid til oppgåva', 'Too little time for the task'),
    ('utstyr', '', 'Utstyr', 'Utstyr', 'Equipment'),
    ('utstyr-feil', 'utstyr', 'Utstyret virket ikke', 'Utstyret verka ikkje', 'The equipment did not work'),
    ('utstyr-mangler', 'utstyr', 'Utstyret manglet', 'Utstyret mangla', 'The equipment was missing'),
    ('utstyr-bruk', 'utstyr', 'Utstyret ble brukt feil', 'Utstyret vart brukt feil', 'The equipment was used wrongly'),
    ('kommunikasjon', '', 'Kommunikasjon', 'Kommunikasjon', 'Communication'),
    ('kommunikasjon-vaktskifte', 'kommunikasjon', 'Ved vaktskifte eller overføring', 'Ved vaktskifte eller overføring', 'At a change of shift or transfer'),
    ('kommunikasjon-enheter', 'kommunikasjon', 'Mellom enheter', 'Mellom einingar', 'Between units'),
    ('kommunikasjon-bruker', 'kommunikasjon', 'Med bruker, elev eller pårørende', 'Med brukar, elev eller pårørande', 'With service user, pupil or relatives'),
    ('prosedyre', '', 'Prosedyre', 'Prosedyre', 'Procedure'),
    ('prosedyre-mangler', 'prosedyre', 'Prosedyren mangler', 'Prosedyren manglar', 'There is no procedure'),
    ('prosedyre-ukjent', 'prosedyre', 'Prosedyren var ikke kjent', 'Prosedyren var ikkje kjend', 'The procedure was not known'),
    ('prosedyre-ikke-fulgt', 'prosedyre', 'Prosedyren ble ikke fulgt', 'Prosedyren vart ikkje følgd', 'The procedure was not followed'),
    ('prosedyre-feil', 'prosedyre', 'Prosedyren er feil eller uklar', 'Prosedyren er feil eller uklar', 'The procedure is wrong or unclear'),
    ('lokaler', '', 'Lokaler og uteområde', 'Lokale og uteområde', 'Premises and outdoor areas'),
    ('it', '', 'IT', 'IT', 'IT'),
    ('it-nede', 'it', 'Systemet var nede', 'Systemet var nede', 'The system was down'),
    ('it-tilgang', 'it', 'Feil tilgang', 'Feil tilgang', 'Wrong access'),
    ('ledelse', '', 'Ansvar og planlegging', 'Ansvar og planlegging', 'Responsibility and planning'),
    ('annet', '', 'Annet', 'Anna', 'Other'),
)


def upgrade():
    category = op.create_table(
        "deviation_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("name_nb", sa.String(80), nullable=False),
        sa.Column("name_nn", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("icon", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deviation_category"),
        sa.UniqueConstraint("key", name="uq_deviation_category_key"),
    )
    question = op.create_table(
        "deviation_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("text_nb", sa.String(200), nullable=False),
        sa.Column("text_nn", sa.String(200), nullable=False),
        sa.Column("text_en", sa.String(200), nullable=False),
        sa.Column("means_rank", sa.Integer(), nullable=False),
        sa.Column("raises_to_rank", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("means_rank between 0 and 3", name="ck_deviation_question_means"),
        sa.CheckConstraint("raises_to_rank between 0 and 3", name="ck_deviation_question_raises_to"),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["deviation_category.id"],
            name="fk_deviation_question_category_id_deviation_category",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deviation_question"),
        sa.UniqueConstraint("category_id", "key", name="uq_deviation_question_category_id_key"),
    )
    cause = op.create_table(
        "deviation_cause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name_nb", sa.String(80), nullable=False),
        sa.Column("name_nn", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["deviation_cause.id"],
            name="fk_deviation_cause_parent_id_deviation_cause",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deviation_cause"),
        sa.UniqueConstraint("key", name="uq_deviation_cause_key"),
    )
    op.create_table(
        "deviation_settings_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deviation_settings_version"),
    )
    op.add_column("deviation", sa.Column("reported_words", sa.JSON(), nullable=True))
    fill(op.get_bind(), category, question, cause)


def fill(bind, category, question, cause):
    for position, (key, nb, nn, en, icon) in enumerate(CATEGORIES):
        bind.execute(
            category.insert().values(
                version=1, key=key, name_nb=nb, name_nn=nn, name_en=en, icon=icon,
                position=position, is_active=True,
            )
        )
        owner = bind.execute(sa.select(category.c.id).where(category.c.key == key)).scalar_one()
        bind.execute(
            question.insert(),
            [
                {
                    "version": 1, "category_id": owner, "key": asked, "text_nb": text_nb,
                    "text_nn": text_nn, "text_en": text_en, "means_rank": means,
                    "raises_to_rank": raises_to, "position": place, "is_active": True,
                }
                for place, (asked, text_nb, text_nn, text_en, means, raises_to) in enumerate(QUESTIONS[key])
            ],
        )
    for position, (key, above, nb, nn, en) in enumerate(CAUSES):
        parent = bind.execute(sa.select(cause.c.id).where(cause.c.key == above)).scalar_one_or_none()
        bind.execute(
            cause.insert().values(
                version=1, key=key, parent_id=parent, name_nb=nb, name_nn=nn, name_en=en,
                position=position, is_active=True,
            )
        )


def downgrade():
    with op.batch_alter_table("deviation") as batch:
        batch.drop_column("reported_words")
    op.drop_table("deviation_settings_version")
    op.drop_table("deviation_cause")
    op.drop_table("deviation_question")
    op.drop_table("deviation_category")
