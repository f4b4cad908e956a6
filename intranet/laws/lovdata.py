"""Reads one document in Lovdata's element structure into a LawText.

Pure. It takes the originals (with links, footnotes and change marks) and the rebuilt archives,
keeps the text of elements that it does not know, and raises ArchiveRefused for what is not a
law document at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lxml import etree

from intranet.laws.archive import ArchiveRefused, Refusal
from intranet.laws.document_tree import read_nodes
from intranet.laws.markup import plain
from intranet.laws.safe_xml import parse_xml
from intranet.laws.texts import LawKind, LawText

# Raised when parsing changes: unchanged documents are read anew, and what is then read otherwise
# is no change of the law.
PARSER_EDITION = 2
_REFID = re.compile(r"(lov|forskrift)/(\d{4}-\d{2}-\d{2}(?:-\d+)?)")
_LEGACY_ID = re.compile(r"(LOV|FOR)-(\d{4}-\d{2}-\d{2}(?:-\d+)?)")
_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_GLUED = re.compile(r"(?<=departementet)\s*,?\s*(?=[A-ZÆØÅ])")
_UNTIL = re.compile(r"(?:[–—]\s*|oppheves\s+|til og med\s+|t\.o\.m\.\s*)(\d{4}-\d{2}-\d{2})")
_AMENDING = re.compile(
    r"(?:midlertidig )?(?:lov|forskrift|vedtak)e?r? (?:om|til) "
    r"(?:endring|oppheving|opphevelse|ikrafttred|ikraftsetj|delegering av myndighet)"
    r"|endringslov|endr\.|ikrafttred",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(r"\(([^()]{2,120})\)")
_NAME_ENDING = re.compile(
    r"(?:lov(?:en|a)?|forskrift(?:en|a)?|reglement(?:et)?|instruks(?:en)?)$", re.I
)
_LAW_NAME = re.compile(r"lov(?:en|a)?$", re.I)
_ABBREVIATION = re.compile(r"[A-ZÆØÅa-zæøå][\wæøå.\- ]{0,14}\d{0,4}")


@dataclass(frozen=True)
class Header:
    """The key information above a document; `items` holds lists, `fields` everything as one
    line.
    """

    fields: dict[str, str]
    items: dict[str, tuple[str, ...]]

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    def list(self, name: str) -> tuple[str, ...]:
        return self.items.get(name) or ((self.get(name),) if self.get(name) else ())


def parse_law(data: bytes, member: str = "") -> LawText:
    """Read a document. Raises ArchiveRefused when it is unsafe, broken or no law."""
    root = parse_xml(data, member)
    return _to_law(root, read_header(root), member)


def check_law(data: bytes, member: str = "") -> str:
    """Make sure that a document can be read, at a fraction of the cost; returns its refid."""
    header = read_header(parse_xml(data, member))
    return _refid(header, member)


def read_header(root: etree._Element) -> Header:
    """The description list that every document begins with."""
    fields: dict[str, str] = {}
    items: dict[str, tuple[str, ...]] = {}
    for entry in root.iter("dd"):
        name = entry.get("class")
        if not name or name in fields or name == "table-of-contents":
            continue
        fields[name] = plain(entry)
        points = tuple(filter(None, (plain(point) for point in entry.iter("li"))))
        if points:
            items[name] = points
    return Header(fields, items)


def _to_law(root: etree._Element, header: Header, member: str) -> LawText:
    refid = _refid(header, member)
    title = header.get("title") or plain(next(root.iter("h1", "title"), root))[:1000]
    short, aliases = _names(header.get("titleShort"), title)
    if refid.startswith("forskrift/"):
        # A regulation that mentions its act in brackets is not called that.
        aliases = tuple(name for name in aliases if not _LAW_NAME.search(name))
    in_force = header.get("dateInForce")
    first, until = _period(in_force)
    changed_by = _REFID.search(header.get("lastChangedBy"))
    dokid = header.get("dokid")
    return LawText(
        refid=refid,
        kind=LawKind(refid.split("/")[0]),
        dokid=dokid,
        title=title,
        short_title=short,
        aliases=aliases,
        ministries=_ministries(header.list("ministry")),
        legal_areas=header.list("legalArea"),
        in_force_text=in_force,
        in_force_on=first,
        in_force_until=until,
        last_changed_on=_first_date(header.get("lastChangeInForce")),
        last_changed_by=changed_by.group(0) if changed_by else "",
        is_amending=bool(_AMENDING.match(title) or _AMENDING.match(header.get("titleShort"))),
        is_announcement=dokid.startswith("LTI/"),
        nodes=read_nodes(root),
    )


def _refid(header: Header, member: str) -> str:
    found = _REFID.fullmatch(header.get("refid")) or _REFID.search(header.get("dokid"))
    if found:
        return found.group(0)
    legacy = _LEGACY_ID.search(header.get("legacyID"))
    if legacy:
        return ("lov/" if legacy.group(1) == "LOV" else "forskrift/") + legacy.group(2)
    raise ArchiveRefused(Refusal.NOT_A_LAW, member)


def _names(short: str, title: str) -> tuple[str, tuple[str, ...]]:
    """The short title, and all other names: "Arbeidsmiljøloven – aml" gives aml, the title its
    parenthesis.
    """
    parts = [part.strip() for part in re.split(r"\s[–—-]\s", short) if part.strip()]
    name = parts[0] if parts else ""
    others: list[str] = []
    if len(parts) == 2 and _ABBREVIATION.fullmatch(parts[1]):
        others.append(parts[1])
    elif len(parts) > 1:
        name = short
    for text in (title, short):
        for group in _PARENTHESES.findall(text):
            others += [p for p in re.split(r",\s*|\s+[–-]\s+", group) if _is_name(p)]
    if not name:
        name = next((o for o in others if _NAME_ENDING.search(o)), "") or title
        name = name[:1].upper() + name[1:]
    seen = {name.lower(): ""}
    return name, tuple(o.strip() for o in others if seen.setdefault(o.strip().lower(), o) is o)


def _is_name(text: str) -> bool:
    if _NAME_ENDING.search(text.strip()):
        return True
    return re.fullmatch(r"[A-ZÆØÅ]{2,}[\w-]*(?: \d+)?", text.strip()) is not None


def _ministries(texts: tuple[str, ...]) -> tuple[str, ...]:
    names = [name.strip(" ,") for text in texts for name in _GLUED.split(text)]
    return tuple(dict.fromkeys(filter(None, names)))


def _period(text: str) -> tuple[date | None, date | None]:
    """First day in force and last day, if the text names them; "Inntektsåret 2024" is the
    year's first day.
    """
    first = _first_date(text)
    if first is None and (year := _YEAR.search(text)):
        first = date(int(year.group(1)), 1, 1)
    until = _UNTIL.search(text)
    return first, _first_date(until.group(1)) if until else None


def _first_date(text: str) -> date | None:
    for year, month, day in _DATE.findall(text):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
