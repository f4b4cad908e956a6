"""Whether the database answers and has the tables of this program; asked once, before it serves."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from intranet.config import ROOT, ConfigurationError
from intranet.extensions import db

UPGRADE = ".venv/bin/flask --app wsgi db upgrade"


def check_schema() -> None:
    """Raise ConfigurationError when the database is away, or older or newer than the program."""
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    newest = set(scripts.get_heads())
    try:
        with db.engine.connect() as connection:
            found = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError as error:
        raise ConfigurationError(
            f"databasen {_place()} svarer ikke, eller den avviser oss. Se om den går, og om "
            "DATABASE_URL er riktig"
        ) from error
    finally:
        # Nothing that is open may be shared by the processes that are made from this one.
        db.engine.dispose()
    if found == newest:
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if found - known:
        raise ConfigurationError(
            f"databasen {_place()} er fra en nyere utgave av programmet. Sett inn den nyere "
            "utgaven, eller en sikkerhetskopi fra før oppgraderingen"
        )
    what = "er eldre enn programmet" if found else "er tom"
    raise ConfigurationError(f"databasen {_place()} {what}. Kjør {UPGRADE}")


def _place() -> str:
    """Return where the database is, without user name and password."""
    url = db.engine.url
    if url.drivername.startswith("sqlite"):
        return str(url.database)
    return f"{url.database} på {url.host or 'denne maskinen'}:{url.port or 5432}"
