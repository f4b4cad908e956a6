"""How the kinds of hits are called and look on the page."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString

from intranet.core.text import _l
from intranet.search.entry import Kind


@dataclass(frozen=True, slots=True)
class KindLook:
    """A kind's word in addresses, its names, its icon and its colour."""

    slug: str
    one: LazyString
    many: LazyString
    icon: str
    color: str


LOOKS: dict[Kind, KindLook] = {
    Kind.PROCEDURE: KindLook("prosedyre", _l("Prosedyre"), _l("Prosedyrer"), "FileText", "brand"),
    Kind.LAW: KindLook("lov", _l("Lov"), _l("Lover"), "Gavel", "accent"),
    Kind.REGULATION: KindLook("forskrift", _l("Forskrift"), _l("Forskrifter"), "Gavel", "accent"),
    Kind.NEWS: KindLook("nyhet", _l("Nyhet"), _l("Nyheter"), "Newspaper", "info"),
    Kind.VACANCY: KindLook(
        "stilling", _l("Ledig stilling"), _l("Ledige stillinger"), "Briefcase", "success"
    ),
    Kind.PERSON: KindLook("person", _l("Person"), _l("Personer"), "Person", "neutral"),
}
BY_SLUG = {look.slug: kind for kind, look in LOOKS.items()}
