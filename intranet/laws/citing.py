"""How a law or a regulation is cited in Norwegian, by date, number and title. Pure."""

from __future__ import annotations

import re

_MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober",
    "november", "desember",
)  # fmt: skip
_REFID = re.compile(r"(lov|forskrift)/([0-9]{4})-([0-9]{2})-([0-9]{2})(?:-([0-9]+))?")
# "Lov om …", "Forskrifter til …", "Midlertidig lov om …".
_BEGINNING = re.compile(r"((?:(?:Midlertidig|Mellombels) )?(?:lov|forskrift))(?:er)? (?=\w)", re.I)
# A short name that Lovdata has given it and the law does not say itself.
_GIVEN_NAME = re.compile(r" \[([^\[\]]+)\]$")


def citation_of(refid: str, title: str) -> str:
    """Return "lov 17. juni 2005 nr. 62 om arbeidsmiljø … (arbeidsmiljøloven)".

    The form of the Language Council and of Lovdata: kind, date and number, then what the title
    says after its kind. Old acts have no number. A title that does not begin with its kind stands
    whole after a colon; without a number, as the Constitution's, before its date.
    """
    found = _REFID.fullmatch(refid)
    title = _GIVEN_NAME.sub(r" (\1)", title.strip().rstrip("."))
    if found is None:
        return title
    kind, year, month, day, number = found.groups()
    date = f"{int(day)}. {_MONTHS[int(month) - 1]} {year}"
    beginning = _BEGINNING.match(title)
    if number is None and beginning is None:
        return f"{title} {date}"
    dated = date if number is None else f"{date} nr. {int(number)}"
    if beginning is None:
        return f"{kind} {dated}: {title}"
    return f"{beginning[1].lower()} {dated} {title[beginning.end() :]}"
