"""Which directory this installation uses."""

from __future__ import annotations

from pathlib import Path

from intranet.config import ConfigurationError, Settings
from intranet.people.directory.ldap import LdapDirectory
from intranet.people.directory.ldap_settings import DirectorySettingsError, read_ldap_settings
from intranet.people.embedded_directory import EmbeddedDirectory
from intranet.people.roles import RoleRule, read_rules
from intranet.people.snapshot import Directory

DEFAULT_SYNC_MINUTES = 10
# Domains usually lock an account after five.
DEFAULT_ATTEMPTS = 4


def open_directory(settings: Settings) -> Directory:
    """Return the directory of the settings: LDAP when configured, else the demonstration's file.

    Raises ConfigurationError that names what is missing; in production LDAP is a must.
    """
    if settings.directory_config:
        try:
            return LdapDirectory(
                read_ldap_settings(
                    settings.directory_config, _secret(settings), settings.municipality
                )
            )
        except DirectorySettingsError as error:
            raise ConfigurationError(str(error)) from error
    if settings.is_production:
        raise ConfigurationError("[directory] mangler i settings.toml; se docs/directory-setup.md")
    path = settings.directory_file or settings.instance_dir / "directory.json"
    return EmbeddedDirectory(path, is_production=settings.is_production)


def _secret(settings: Settings) -> str:
    """Return the service account's password from the environment, or the file that is named."""
    file = settings.directory_config.get("secret_file")
    if settings.directory_secret or not file:
        return settings.directory_secret
    try:
        return Path(str(file)).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise ConfigurationError(f"directory.secret_file: {error.strerror}") from error


def role_rules(settings: Settings) -> tuple[RoleRule, ...]:
    """Return which groups give which roles here."""
    return read_rules(settings.directory_config.get("roles"))


def largest_departure_share(settings: Settings) -> float:
    """Return the share of persons that may go in one sync."""
    return float(settings.directory_config.get("largest_departure_share", 0.10))


def login_attempts(settings: Settings) -> int:
    """Return how many wrong passwords a person has in a quarter; below the directory's lock-out."""
    return max(2, int(settings.directory_config.get("login_attempts", DEFAULT_ATTEMPTS)))


def sync_minutes(settings: Settings) -> int:
    """Return how often the directory is read; a dismissed person is out within this time."""
    return int(settings.directory_config.get("sync_minutes", DEFAULT_SYNC_MINUTES))


_opened: tuple[Settings, Directory] | None = None


def directory_of(settings: Settings) -> Directory:
    """Return this process's directory, which remembers servers that were down."""
    global _opened
    opened = _opened
    if opened is None or opened[0] is not settings:
        opened = _opened = (settings, open_directory(settings))
    return opened[1]
