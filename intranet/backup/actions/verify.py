"""Looks through a backup without putting anything of it to use."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from intranet.audit.actions import audit_key
from intranet.backup import sealing
from intranet.backup.actions.take import SUFFIX, SUM_SUFFIX, digest_of
from intranet.backup.archive import MANIFEST, SEAL, BadArchive, Part, look_through, unpack
from intranet.backup.manifest import BadManifest, Manifest, check_parts, read_manifest
from intranet.core.settings import get_settings

_MOST_MANIFEST = 256 * 1024 * 1024


def verify_outside(path: Path) -> None:
    """Raise `NotOpened` unless the file is what was written: without any key.

    It asks the digest beside the file, which whoever can change the one can change too.
    """
    with path.open("rb") as file:
        if file.read(len(sealing.HEADER)) != sealing.HEADER:
            raise sealing.NotOpened("fila er ikke en sikkerhetskopi")
    beside = path.with_name(path.name.removesuffix(SUFFIX) + SUM_SUFFIX)
    if not beside.exists():
        raise sealing.NotOpened(f"{beside.name} mangler: sjekk med --key i stedet")
    wanted = beside.read_text(encoding="ascii").split()[:1]
    if wanted != [digest_of(path)]:
        raise sealing.NotOpened("fila er endret eller avkortet siden den ble tatt")


def verify_inside(path: Path, key: str) -> Manifest:
    """Return the manifest of a backup in which everything is as it says; writes nothing of it."""
    with _beside_database() as folder, path.open("rb") as file:
        with sealing.opened(file, key) as stream:
            parts = look_through(stream, folder)
        return _checked(folder, parts)


@contextmanager
def unpacked(path: Path, key: str) -> Iterator[tuple[Path, Manifest]]:
    """Give a folder with all that was in the backup, once all of it has been found true."""
    with _beside_database() as folder, path.open("rb") as file:
        with sealing.opened(file, key) as stream:
            parts = unpack(stream, folder)
        yield folder, _checked(folder, parts)


def _checked(folder: Path, parts: Mapping[str, Part]) -> Manifest:
    for name in (MANIFEST, SEAL):
        if name not in parts:
            raise BadManifest("sikkerhetskopien er ikke hel: manifestet mangler")
    if parts[MANIFEST].size > _MOST_MANIFEST:
        raise BadArchive("manifestet er urimelig stort")
    said, seal = (folder / MANIFEST).read_bytes(), (folder / SEAL).read_bytes()
    manifest = read_manifest(audit_key(), said, seal)
    check_parts(manifest, parts)
    return manifest


@contextmanager
def _beside_database() -> Iterator[Path]:
    """Give a folder on the disk of the instance that only the application reads."""
    folder = get_settings().instance_dir / f".restore-{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
