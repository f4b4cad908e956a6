"""Reads the procedures that the demonstration begins with: head and text of each file. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROCEDURES = Path(__file__).parent / "content" / "procedures"

# What the head calls a kind, and the letters of its numbers.
PREFIXES = {
    "procedure": "PRO",
    "routine": "RUT",
    "guideline": "RET",
    "delegation": "FUL",
    "plan": "PLA",
    "form": "SKJ",
    "checklist": "SJE",
}


@dataclass(frozen=True)
class ProcedureText:
    """One document as written. `valid_for` is empty for the whole municipality."""

    slug: str
    title: str
    prefix: str
    unit_key: str
    owner: str
    keywords: str
    valid_for: tuple[str, ...]
    review_months: int
    body: str


def read_procedures() -> list[ProcedureText]:
    """Return all procedures in the order of their files."""
    return [_parse(path.stem, path.read_text("utf-8")) for path in sorted(PROCEDURES.glob("*.md"))]


def _parse(slug: str, text: str) -> ProcedureText:
    _before, head, body = text.split("---\n", 2)
    values = dict(line.split(": ", 1) for line in head.strip().splitlines())
    units = tuple(key.strip() for key in values["valid_for"].split(","))
    return ProcedureText(
        slug=slug,
        title=values["title"],
        prefix=PREFIXES[values["type"]],
        unit_key=values["unit"],
        owner=values["owner"],
        keywords=values["keywords"],
        valid_for=() if units == ("alle",) else units,
        review_months=int(values["review_months"]),
        body=body.strip(),
    )
