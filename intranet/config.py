"""Settings: read once from the environment and the instance folder, frozen, checked at start."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("demo", "test", "production")
# The name of the second engine, on whose connections `core.reads` runs.
READS = "reads"


class ConfigurationError(Exception):
    """A setting is missing or wrong; the text names it and never holds a secret."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. Sizes in bytes, times as timedelta."""

    instance_dir: Path
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    audit_key: str = field(repr=False)
    environment: str = "production"
    base_url: str = "http://127.0.0.1:8000"
    municipality: str = "Havnsund kommune"
    product_name: str = "Ansattportalen"
    chief_title: str = "kommunedirektør"
    default_language: str = "nb"
    support_contact: str = "IT-brukerstøtte"
    # Who gets a deviation that concerns the chief executive: a user name in the directory.
    recipient_above_chief: str = ""
    # When anonymous reports are delivered: "daily" at a random moment, or after 2-8 random "hours".
    anonymous_delivery: str = "daily"
    # Own deadlines of whistleblowing in working days; the law says only "within reasonable time".
    whistle_confirm_days: int = 5
    whistle_assess_days: int = 10
    # Whom to phone when somebody is in danger: shown where a report takes its time.
    urgent_phone: str = ""
    # Below the municipality's name on letters: address, telephone, number; lines parted by "|".
    letter_address: str = ""
    max_upload_bytes: int = 25 * 1024 * 1024
    # A ClamAV daemon that looks through every file: unix:/run/clamav/clamd.ctl or tcp:host:3310.
    virus_scanner: str = ""
    session_idle: timedelta = timedelta(minutes=30)
    session_absolute: timedelta = timedelta(hours=12)
    # What gives access or takes a whole case out asks for the password again after this.
    password_again: timedelta = timedelta(minutes=30)
    # Where each night a copy of the library is written that needs no server; blank for none.
    offline_copy_dir: Path | None = None
    # Where backups are put, and the public keys that they are sealed to; blank for none.
    backup_dir: Path | None = None
    backup_recipients: tuple[str, ...] = ()
    directory_file: Path | None = None
    directory_config: Mapping[str, Any] = field(default_factory=dict)
    directory_secret: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    mail_ca_file: str = ""
    # "whoosh" keeps the search index in files of this machine, "postgres" in the database.
    search_engine: str = "whoosh"
    law_source_url: str = "https://api.lovdata.no/v1/publicData/get/"
    trusted_proxies: int = 0

    @property
    def files_dir(self) -> Path:
        """Where uploaded files are stored."""
        return self.instance_dir / "files"

    @property
    def index_dir(self) -> Path:
        """Where the disposable search index is."""
        return self.instance_dir / "index"

    @property
    def is_https(self) -> bool:
        """Whether people reach the portal over https, so that cookies can demand it."""
        return self.base_url.startswith("https://")

    @property
    def is_production(self) -> bool:
        """Whether this is a real installation; only start-up checks and the demonstration ask."""
        return self.environment == "production"

    @property
    def trusted_hosts(self) -> list[str]:
        """The names under which the portal may be asked: its own, and the machine's loopback."""
        own = urlsplit(self.base_url).hostname or ""
        return [own, "localhost", "127.0.0.1", "[::1]"]

    def flask_config(self) -> dict[str, Any]:
        """Return what Flask and its extensions read."""
        prefix = "__Host-" if self.is_https else ""
        config: dict[str, Any] = {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.database_url),
            "SQLALCHEMY_BINDS": {READS: _reading_options(self.database_url)},
            "SESSION_COOKIE_NAME": f"{prefix}okt",
            "SESSION_COOKIE_SECURE": self.is_https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            "MAX_CONTENT_LENGTH": self.max_upload_bytes * 2,
            "MAX_FORM_MEMORY_SIZE": 2_000_000,
            "MAX_FORM_PARTS": 500,
            # The token lives as long as the session: a form left open over lunch still sends.
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": self.is_https,
            "BABEL_DEFAULT_LOCALE": self.default_language,
            "BABEL_DEFAULT_TIMEZONE": "Europe/Oslo",
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "intranet" / "translations"),
            "TEMPLATES_AUTO_RELOAD": False,
            "TRUSTED_HOSTS": self.trusted_hosts if self.is_production else None,
        }
        return config


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 15}, "hide_parameters": True}
    # What people wrote belongs in no log, also when a statement fails. A server that does not
    # answer, or a lock that nobody lets go of, must end in words for the person, not in waiting.
    connect = {"connect_timeout": 5, "options": "-c lock_timeout=15s"}
    return {
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 5,
        "pool_timeout": 10,
        "hide_parameters": True,
        "connect_args": connect,
    }


def _reading_options(url: str) -> dict[str, Any]:
    """Return the engine of connections for reading, which begin no transaction."""
    options = _engine_options(url)
    if not url.startswith("sqlite"):
        connect = options["connect_args"]
        only_read = f"{connect['options']} -c default_transaction_read_only=on"
        options["connect_args"] = {**connect, "options": only_read}
    return {
        **options,
        "url": url,
        "isolation_level": "AUTOCOMMIT",
        "skip_autocommit_rollback": True,
        "execution_options": {"intranet_reads": True},
    }


def _database_url(environ: Mapping[str, str], instance_dir: Path) -> str:
    url = environ.get("DATABASE_URL", "")
    if not url:
        return f"sqlite:///{instance_dir / 'intranet.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("DATABASE_URL må begynne med postgresql:// eller sqlite:///")
    return url


def _secret(name: str, environ: Mapping[str, str], instance_dir: Path, environment: str) -> str:
    """Return the secret from the environment or its own file; outside production make one."""
    value = environ.get(name, "")
    path = instance_dir / f"{name.lower()}.txt"
    if not value:
        value = _read_secret(path, environment)
    if not value and environment != "production":
        value = secrets.token_hex(32)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value)
    if len(value) < 32:
        raise ConfigurationError(
            f"{name} mangler eller er kortere enn 32 tegn (miljø eller {path})"
        )
    if environment == "production" and _is_guessable(value):
        raise ConfigurationError(
            f"{name} er et eksempel eller lett å gjette. Lag en ny: openssl rand -hex 32"
        )
    return value


def _read_secret(path: Path, environment: str) -> str:
    try:
        if not path.exists():
            return ""
        if environment == "production" and path.stat().st_mode & 0o077:
            raise ConfigurationError(f"{path} kan leses av andre. Kjør chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} kan ikke leses av denne brukeren") from error


def _is_guessable(value: str) -> bool:
    """Whether a secret is out of a guide, or typed with one finger."""
    words = ("change", "secret", "hemmelig", "example", "eksempel", "passord", "password")
    return len(set(value)) < 8 or any(word in value.lower() for word in words)


def _make_folder(folder: Path) -> None:
    """Make the instance folder if need be. Raises ConfigurationError when we may not write."""
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        is_open = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except OSError:
        is_open = False
    if not is_open:
        raise ConfigurationError(f"denne brukeren kan ikke skrive i {folder} (INSTANCE_DIR)")
    for name in ("intranet.sqlite3", "files", "index"):
        path = folder / name
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            raise ConfigurationError(f"denne brukeren kan ikke skrive i {path}")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process. `instance/settings.toml` may hold all but secrets.

    Raises `ConfigurationError` that names what is missing or unknown.
    """
    environ = os.environ if environ is None else environ
    instance_dir = Path(environ.get("INSTANCE_DIR") or ROOT / "instance").resolve()
    _make_folder(instance_dir)
    values = _read_toml(instance_dir / "settings.toml")
    for name in Settings.__dataclass_fields__:
        if name.upper() in environ and name not in ("instance_dir", "secret_key", "database_url"):
            values[name] = environ[name.upper()]
    environment = str(values.get("environment", "demo"))
    if environment not in ENVIRONMENTS:
        raise ConfigurationError(f"ENVIRONMENT må være en av {', '.join(ENVIRONMENTS)}")
    if values.get("anonymous_delivery", "daily") not in ("daily", "hours"):
        raise ConfigurationError("ANONYMOUS_DELIVERY må være daily eller hours")
    if not re.fullmatch(r"|unix:/.+|tcp:.+:\d+", str(values.get("virus_scanner", ""))):
        raise ConfigurationError("VIRUS_SCANNER må være unix:/sti eller tcp:vert:port")
    _check_search_engine(values, environ)
    directory = values.pop("directory", None)
    if directory is not None:
        values["directory_config"] = directory
    _convert(values)
    values.update(
        instance_dir=instance_dir,
        environment=environment,
        database_url=_database_url(environ, instance_dir),
        secret_key=_secret("SECRET_KEY", environ, instance_dir, environment),
        audit_key=_secret("AUDIT_KEY", environ, instance_dir, environment),
        directory_secret=environ.get("DIRECTORY_SECRET", ""),
    )
    if environment == "production" and values["secret_key"] == values["audit_key"]:
        raise ConfigurationError("SECRET_KEY og AUDIT_KEY må være forskjellige")
    if not values.get("directory_config") and not values.get("directory_file"):
        values["directory_file"] = instance_dir / "directory.json"
    return Settings(**values)


def _check_search_engine(values: Mapping[str, Any], environ: Mapping[str, str]) -> None:
    engine = values.get("search_engine", "whoosh")
    if engine not in ("whoosh", "postgres"):
        raise ConfigurationError("SEARCH_ENGINE må være whoosh eller postgres")
    if engine == "postgres" and not environ.get("DATABASE_URL", "").startswith("postgres"):
        raise ConfigurationError(
            "SEARCH_ENGINE=postgres krever PostgreSQL: sett DATABASE_URL, eller bruk whoosh"
        )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(f"{path} kan ikke leses av denne brukeren") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} kan ikke leses: {error}") from error
    unknown = set(values) - set(Settings.__dataclass_fields__) - {"directory"}
    if unknown:
        raise ConfigurationError(f"{path} har ukjente innstillinger: {', '.join(sorted(unknown))}")
    return values


def _convert(values: dict[str, Any]) -> None:
    """Turn text from the environment into the types of `Settings`, in place."""
    try:
        for name in (
            "max_upload_bytes",
            "trusted_proxies",
            "whistle_confirm_days",
            "whistle_assess_days",
        ):
            if name in values:
                values[name] = int(values[name])
        for name, unit in (
            ("session_idle", "minutes"),
            ("session_absolute", "hours"),
            ("password_again", "minutes"),
        ):
            if name in values:
                values[name] = timedelta(**{unit: float(values[name])})
    except ValueError as error:
        raise ConfigurationError(f"En innstilling er ikke et tall: {error}") from error
    values["backup_recipients"] = _public_keys(values.get("backup_recipients", ()))
    for name in ("directory_file", "offline_copy_dir", "backup_dir"):
        values[name] = Path(str(values[name])) if values.get(name) else None
    if "base_url" in values:
        values["base_url"] = str(values["base_url"]).rstrip("/")


def _public_keys(said: Any) -> tuple[str, ...]:
    """Return the keys of a list, or of a text with blanks or commas between them."""
    keys = (
        re.split(r"[\s,]+", said.strip()) if isinstance(said, str) else [str(key) for key in said]
    )
    if any(key.upper().startswith("AGE-SECRET-KEY") for key in keys):
        raise ConfigurationError(
            "BACKUP_RECIPIENTS er en privat nøkkel. Den skal ikke ligge på serveren: lag et nytt "
            "par, og sett inn den offentlige (age1…)"
        )
    return tuple(key for key in keys if key)
