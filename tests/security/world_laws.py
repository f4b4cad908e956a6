"""A law, and a unit that has it on its list, for `world.py`."""

from __future__ import annotations

from datetime import date

from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.laws.importing import import_archive
from intranet.laws.models import UnitLaw
from tests import cast
from tests.laws.builders import archive, chapter, law, paragraph


def build_law(people: cast.Cast) -> int:
    """Bring a small law, put its only paragraph on Strandheim's list, and return that line."""
    text = law(
        "lov/2005-06-17-62",
        chapter("Kapittel 3. Virkemidler", paragraph("3-1", "Krav", "Det skal arbeides.")),
        title="Lov om arbeidsmiljø (arbeidsmiljøloven)",
        short="Arbeidsmiljøloven – aml",
    )
    import_archive(archive(text), "p", as_of=date(2026, 6, 18))
    with transaction():
        line = UnitLaw(
            unit_id=people.strandheim, refid="lov/2005-06-17-62", section="3-1",
            section_key="3-1", note="Vernerunde i mars.", added_by_id=people.mona,
        )  # fmt: skip
        db.session.add(line)
        db.session.flush()
        return line.id
