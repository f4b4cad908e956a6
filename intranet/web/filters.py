"""How moments, days, sizes and references read in a page; asks no database."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache

from babel import Locale
from flask import Flask
from flask_babel import format_decimal
from markupsafe import Markup, escape

from intranet.core import richtext
from intranet.core.clock import OSLO, today
from intranet.core.text import _
from intranet.web import template_globals, templating
from intranet.web.i18n import current_language

NO_BREAK_SPACE = "\u00a0"
NO_BREAK_HYPHEN = "\u2011"
KILO = 1000

# Numbers of cases, procedures and paragraphs: «2026-0412», «PRO-12», «4-6», «2 A-1».
_REFERENCE = re.compile(r"(?<=[0-9A-ZÆØÅ])-(?=\d)")
_SECTION_SIGN = re.compile(r"(§{1,2})\s+(?=\d)")
_CLOCK_WORD = re.compile(r"\b(kl\.)\s+(?=\d)")
_TIME = Markup('<time datetime="{}">{}</time>')
# An e-mail address too long for a line on a phone, and where it may be parted.
_LONG_ADDRESS = re.compile(r"(?<!\S)(?=\S{25})([^\s@]{1,64}@[^\s@]{1,255})(?!\S)")
_BEFORE_SIGN = re.compile(r"(?=[@.])")
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


def moment(value: datetime | None) -> str:
    """Return a point in time in Norwegian wall-clock words: «i dag 09.12», «12. oktober kl. 07.31».

    A value without zone is taken as UTC, which is what the database keeps.
    """
    return "" if value is None else _moment_words(value, today(), current_language())


def draw_moment(value: datetime | None) -> Markup:
    """Return the moment in words, with what a machine reads beside it."""
    if value is None:
        return Markup("")
    return _drawn_moment(value, today(), current_language())


@lru_cache(maxsize=4096)
def _drawn_moment(value: datetime, today_: date, language: str) -> Markup:
    return _TIME.format(value.isoformat(), _moment_words(value, today_, language))


# A list of news shows the same moments to everybody; the words depend on nothing else.
@lru_cache(maxsize=4096)
def _moment_words(value: datetime, _today: date, _language: str) -> str:
    local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(OSLO)
    between = ":" if current_language() == "en" else "."
    clock = f"{local.hour:02}{between}{local.minute:02}"
    near = _near_day(local.date())
    if near:
        return f"{near}{NO_BREAK_SPACE}{clock}"
    return _("%(day)s kl. %(time)s", day=day(local.date()), time=clock)


def day(value: date | datetime | None) -> str:
    """Return «12. oktober», with the year when it is another one than this."""
    return _format_day(value, "wide")


def full_day(value: date | None) -> str:
    """Return «12. oktober 2026»: on paper, which is read in other years too."""
    return "" if value is None else _day_words(value, "wide", with_year=True)


def day_short(value: date | datetime | None) -> str:
    """Return «12. okt.», with the year when it is another one than this."""
    return _format_day(value, "abbreviated")


def weekday(value: date) -> str:
    """Return «mandag 12. oktober»."""
    language = current_language()
    name = _names("days", "wide", language)[value.weekday()]
    stop = "" if language == "en" else "."
    return f"{name} {value.day}{stop} {_names('months', 'wide', language)[value.month]}"


def due(value: date | None) -> str:
    """Return a deadline as something to act on: «Frist i morgen», «Fristen var 3. oktober»."""
    if value is None:
        return ""
    left = (value - today()).days
    if left < 0:
        return _("Fristen var %(day)s", day=day(value))
    if left == 0:
        return _("Frist i dag")
    if left == 1:
        return _("Frist i morgen")
    return _("Frist %(day)s", day=day(value))


def due_color(value: date | None) -> str:
    """Return the tag colour of a deadline: danger when it is past, today or tomorrow."""
    return "danger" if value is not None and (value - today()).days <= 1 else "neutral"


def nb(value: object) -> str:
    """Keep case numbers, paragraph numbers and clock times on one line."""
    text = _REFERENCE.sub(NO_BREAK_HYPHEN, str(value or ""))
    text = _SECTION_SIGN.sub(rf"\1{NO_BREAK_SPACE}", text)
    return _CLOCK_WORD.sub(rf"\1{NO_BREAK_SPACE}", text)


def filesize(size: int | None) -> str:
    """Return bytes as «340 kB» or «1,2 MB» (thousands, as the file managers of phones show)."""
    number = float(size or 0)
    if number < KILO:
        return f"{int(number)}{NO_BREAK_SPACE}byte"
    for unit in ("kB", "MB", "GB"):
        number /= KILO
        if number < KILO or unit == "GB":
            break
    words = format_decimal(number, format="0.#" if number < 10 else "0")
    return f"{words}{NO_BREAK_SPACE}{unit}"


def initials(name: object) -> str:
    """Return the first letters of the first and the last name."""
    words = [word for word in re.split(r"\s+", str(name or "").strip()) if word]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def lines(text: object) -> Markup:
    """Return typed plain text as escaped paragraphs that keep their line breaks.

    A long e-mail address may be parted at its signs, so that no word of it is cut on a phone.
    """
    blocks = [block for block in re.split(r"\n\s*\n", str(text or "").strip()) if block.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(_parted(part) for part in block.split("\n")))
        for block in blocks
    )


def _parted(line: str) -> Markup:
    pieces = []
    for number, piece in enumerate(_LONG_ADDRESS.split(line)):
        # Every other piece is an address.
        parts = _BEFORE_SIGN.split(piece) if number % 2 else [piece]
        pieces.append(Markup("<wbr>").join(escape(part) for part in parts))
    return Markup("").join(pieces)


def slug(text: object) -> str:
    """Return a text as an id: small letters, digits and hyphens."""
    folded = str(text).lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return _NOT_IN_ID.sub("-", plain).strip("-") or "del"


def markdown(text: str | None, top_heading: int = richtext.TOP_HEADING) -> Markup:
    """Return Markdown as cleaned HTML whose headings begin at `top_heading`."""
    return richtext.to_html(text or "", top_heading)


def _near_day(value: date) -> str:
    away = (value - today()).days
    if away == 0:
        return _("i dag")
    if away == -1:
        return _("i går")
    return _("i morgen") if away == 1 else ""


def _format_day(value: date | datetime | None, width: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(OSLO).date()
    return _day_words(value, width, with_year=value.year != today().year)


def _day_words(value: date, width: str, *, with_year: bool) -> str:
    language = current_language()
    stop = "" if language == "en" else "."
    year = f" {value.year}" if with_year else ""
    return f"{value.day}{stop} {_names('months', width, language)[value.month]}{year}"


@lru_cache(maxsize=16)
def _names(kind: str, width: str, language: str) -> dict[int, str]:
    """Return Babel's names of months (from 1) or of weekdays (Monday is 0)."""
    return dict(getattr(Locale(language), kind)["format"][width])


def install(app: Flask) -> None:
    """Give the filters, and the globals beside them, to every template."""
    for filter_ in (
        moment, day, day_short, due, due_color, nb, filesize, initials, lines, slug, markdown,
    ):  # fmt: skip
        app.jinja_env.filters[filter_.__name__] = filter_
    app.jinja_env.globals["draw_moment"] = draw_moment
    template_globals.install(app)
    templating.install(app)
