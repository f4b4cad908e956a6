"""Seeds the whole municipality: what is prepared first, and what is written in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from intranet.config import Settings
from intranet.core.errors import NotPossibleNow
from intranet.core.files import ReceivedFile
from intranet.demo.actions.anonymous import seed_anonymous
from intranet.demo.actions.delegations import seed_delegations
from intranet.demo.actions.deviations import seed_deviations
from intranet.demo.actions.directory_file import write_directory_file, write_settings_file
from intranet.demo.actions.duplicates import seed_duplicate
from intranet.demo.actions.hearings import seed_hearings
from intranet.demo.actions.library import seed_library
from intranet.demo.actions.news import Pictures, prepare_pictures, seed_news
from intranet.demo.actions.people import seed_people
from intranet.demo.actions.reading import seed_reading
from intranet.demo.actions.search import seed_search
from intranet.demo.actions.settle import settle_notifications
from intranet.demo.actions.special_cases import seed_special_cases
from intranet.demo.actions.supplements import seed_supplement
from intranet.demo.actions.take_in import prepare_archive, seed_take_in
from intranet.demo.actions.unit_laws import seed_unit_laws
from intranet.demo.actions.vacancies import seed_vacancies
from intranet.demo.actions.whistleblowing import seed_whistleblowing
from intranet.demo.organisation import Organisation, build_organisation
from intranet.deviations.models import Deviation
from intranet.extensions import db
from intranet.library.models import Document
from intranet.news.models import Article
from intranet.people.models import Person
from intranet.people.snapshot import LOCAL_KEY

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Prepared:
    """What lies on disk before the first row is written."""

    organisation: Organisation
    pictures: Pictures
    archive: ReceivedFile


def is_seeded() -> bool:
    """Whether the portal holds content: then the seeding has nothing to do here."""
    return any(
        db.session.execute(select(table.id).limit(1)).first() is not None
        for table in (Article, Document, Deviation)
    )


def refuse_unless_demo(settings: Settings) -> None:
    """Raise NotPossibleNow in production, beside a real directory, and among real persons."""
    if settings.is_production:
        raise NotPossibleNow("demo: refused, ENVIRONMENT is production")
    if settings.directory_config:
        raise NotPossibleNow("demo: refused, settings.toml names a real directory")
    ours = {person.key for person in build_organisation().persons}
    known = db.session.scalars(select(Person.directory_key)).all()
    if any(key and key not in ours and not key.startswith(LOCAL_KEY) for key in known):
        raise NotPossibleNow("demo: refused, the database holds persons of another directory")


def prepare(settings: Settings) -> Prepared:
    """Write the directory's file, the pictures and an archive; to be called before the
    transaction.
    """
    organisation = build_organisation()
    path = settings.directory_file or settings.instance_dir / "directory.json"
    write_directory_file(path, organisation)
    write_settings_file(settings.instance_dir / "settings.toml")
    return Prepared(organisation, prepare_pictures(), prepare_archive())


def seed_municipality(prepared: Prepared, tell: Tell) -> None:
    """Make persons, documents, news, vacancies and the year of deviations. Never commits."""
    cast = seed_people(prepared.organisation)
    tell(f"{len(cast.person_ids)} persons in {len(cast.unit_ids)} units")
    numbers = seed_library(cast)
    tell(f"{len(numbers)} procedures")
    tell(f"{seed_reading(cast, numbers)} readers asked")
    tell(f"{seed_hearings(cast)} hearings")
    tell(f"{seed_take_in(cast, prepared.archive)} lines from a former system")
    tell(f"{seed_supplement(cast, numbers)} local supplement")
    tell(f"{seed_unit_laws(cast)} laws on the units' lists")
    tell(f"{seed_search(cast)} questions without an answer")
    tell(f"{seed_delegations(cast)} delegations")
    tell(f"{seed_news(cast, prepared.pictures)} articles")
    tell(f"{seed_vacancies(cast)} vacancies")
    tell(f"{seed_deviations(cast, numbers)} deviations")
    anonymous, code = seed_anonymous(cast)
    tell(f"{anonymous} anonymous cases; the code {code} opens one at /anonymt")
    tell(f"{seed_special_cases(cast)} deviations with statutory clocks")
    tell(f"{seed_duplicate(cast)} report merged with another")
    notices, code = seed_whistleblowing(cast)
    tell(f"{notices} whistleblowing cases; the code {code} opens one at /varsling/folg")
    settle_notifications()
