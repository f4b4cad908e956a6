"""What a backup says of itself, and the seal that it came from this installation. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from intranet.backup.archive import DATABASES, MANIFEST, SEAL, Part, name_of_token

EDITION = 1
_PURPOSE = b"ansattportalen: manifest of a backup, 1"


class BadManifest(Exception):
    """The manifest is not ours, or does not say what is there."""


@dataclass(frozen=True)
class Manifest:
    """All that must be true of the backup; `parts` are its files but for the manifest itself.

    `missing` are files that the database knows and the disk had not, or not as they were received;
    `gone` were erased together with their rows while the backup was taken.
    """

    taken_at: str
    program: str
    engine: str
    server: str
    migration: str
    counts: Mapping[str, int]
    parts: Mapping[str, Part]
    missing: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    edition: int = EDITION

    @property
    def database(self) -> str:
        """The name of the database's file."""
        return DATABASES[self.engine]

    @property
    def files(self) -> int:
        """How many uploaded files there are."""
        return sum(name.startswith(name_of_token("")[:6]) for name in self.parts)

    def as_bytes(self) -> bytes:
        """Return the manifest as it lies in the backup."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()


def seal_of(audit_key: bytes, manifest: bytes) -> str:
    """Return what only those can make who hold the installation's AUDIT_KEY."""
    key = hmac.new(audit_key, _PURPOSE, hashlib.sha256).digest()
    return hmac.new(key, manifest, hashlib.sha256).hexdigest()


def read_manifest(audit_key: bytes, manifest: bytes, seal: bytes) -> Manifest:
    """Return the manifest. Raises `BadManifest` unless the seal was made with the same key."""
    if not hmac.compare_digest(seal.strip(), seal_of(audit_key, manifest).encode("ascii")):
        raise BadManifest(
            "forseglingen stemmer ikke: en annen AUDIT_KEY, eller kopien er forfalsket"
        )
    try:
        said: dict[str, Any] = json.loads(manifest)
        if said["edition"] != EDITION:
            raise BadManifest("sikkerhetskopien er laget av en nyere utgave av programmet")
        said["parts"] = {name: Part(**part) for name, part in said["parts"].items()}
        return Manifest(
            **{**said, "missing": tuple(said["missing"]), "gone": tuple(said["gone"])},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadManifest("manifestet kan ikke leses") from error


def check_parts(manifest: Manifest, found: Mapping[str, Part]) -> None:
    """Raise `BadManifest` unless exactly the files of the manifest are there, as they were."""
    inside = {name: part for name, part in found.items() if name not in (MANIFEST, SEAL)}
    if manifest.database not in inside:
        raise BadManifest("databasen mangler i sikkerhetskopien")
    for name in sorted(set(inside) | set(manifest.parts)):
        if inside.get(name) != manifest.parts.get(name):
            raise BadManifest(f"{name} er ikke som manifestet sier")
