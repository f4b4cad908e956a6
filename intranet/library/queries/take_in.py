"""Reads about documents from a former system: who and where a line means, and what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from intranet.extensions import db
from intranet.library.models import Document
from intranet.library.queries.types import list_types
from intranet.library.take_in import ListRow, Remark, Say, key_of, read_day
from intranet.library.take_in_models import DocumentOrigin
from intranet.people.models import Person, Unit
from intranet.people.queries.units import list_units


@dataclass(frozen=True)
class Meant:
    """What a line means, where everything in it is understood."""

    prefix: str
    owner_id: int
    unit_id: int
    unit_path: str
    review_on: date | None
    valid_from: date | None


class Register:
    """Persons, units and kinds by what a list may call them; read once for a whole list."""

    def __init__(self) -> None:
        self._owners: dict[str, set[tuple[int, bool]]] = {}
        rows = db.session.execute(
            select(
                Person.id,
                Person.username_key,
                Person.email,
                Person.is_directory_active,
                Person.is_blocked,
            )
        )
        for row in rows:
            is_active = row.is_directory_active and not row.is_blocked
            for key in {row.username_key, key_of(row.email)} - {""}:
                self._owners.setdefault(key, set()).add((row.id, is_active))
        self._paths = {unit.id: unit.path for unit in list_units()}
        self._codes: dict[str, set[int]] = {}
        self._units: dict[str, set[int]] = {}
        for unit in db.session.execute(
            select(Unit.id, Unit.directory_key, Unit.name, Unit.short_name).where(Unit.is_active)
        ):
            self._codes.setdefault(key_of(unit.directory_key or ""), set()).add(unit.id)
            for key in {key_of(unit.name), key_of(unit.short_name)} - {""}:
                self._units.setdefault(key, set()).add(unit.id)
        self._kinds = {
            key_of(word): kind.prefix for kind in list_types() for word in (kind.prefix, kind.name)
        }

    def understand(self, row: ListRow) -> tuple[Meant | None, list[Remark]]:
        """Return what the line means, or what is wrong with it."""
        faults: list[Remark] = []
        prefix = self._kinds.get(key_of(row.type))
        if prefix is None:
            faults.append(Remark(Say.TYPE_UNKNOWN, row.type))
        owner_id = self._owner(row.owner, faults)
        unit_id = self._unit(row.unit, faults)
        if faults or prefix is None or owner_id is None or unit_id is None:
            return None, faults
        return (
            Meant(
                prefix,
                owner_id,
                unit_id,
                self._paths[unit_id],
                read_day(row.review),
                read_day(row.valid_from),
            ),
            [],
        )

    def _owner(self, text: str, faults: list[Remark]) -> int | None:
        if not text:
            return None
        found = self._owners.get(key_of(text), set())
        # Somebody who left may have had the address that another has now.
        active = [person for person, is_active in found if is_active]
        if len(active) == 1:
            return active[0]
        say = Say.OWNER_SEVERAL if active else Say.OWNER_GONE if found else Say.OWNER_UNKNOWN
        faults.append(Remark(say, text))
        return None

    def _unit(self, text: str, faults: list[Remark]) -> int | None:
        if not text:
            return None
        key = key_of(text)
        found = self._codes.get(key) or self._units.get(key) or set()
        found = {unit for unit in found if unit in self._paths}
        if len(found) == 1:
            return next(iter(found))
        faults.append(Remark(Say.UNIT_SEVERAL if found else Say.UNIT_UNKNOWN, text))
        return None


def find_known(number: str, sha256: str) -> tuple[int, Remark] | None:
    """Return the document that the old number or the file became, and by which it is known."""
    key = key_of(number)
    statement = (
        select(Document.id, Document.number, DocumentOrigin.number_key)
        .join(DocumentOrigin, DocumentOrigin.document_id == Document.id)
        .order_by(Document.id)
    )
    for condition, say in (
        (DocumentOrigin.number_key == key if key else None, Say.KNOWN_NUMBER),
        (DocumentOrigin.sha256 == sha256 if sha256 else None, Say.KNOWN_FILE),
    ):
        if condition is None:
            continue
        found = db.session.execute(statement.where(condition)).first()
        if found is not None:
            return found.id, Remark(say, found.number)
    return None


def find_origin(document_id: int) -> DocumentOrigin | None:
    """Return where the document was before, if it came from a former system."""
    return db.session.get(DocumentOrigin, document_id)
