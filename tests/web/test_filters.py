"""How moments, days, deadlines and references read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale, format_date, format_time
from markupsafe import Markup

from intranet.web import filters

# Monday 12 October 2026, 10.00 in Oslo.
MONDAY = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)


@pytest.fixture
def words(app: Flask, at: Callable[[datetime], None]) -> Iterator[Flask]:
    """A request in bokmål on the Monday."""
    at(MONDAY)
    with app.test_request_context("/"):
        yield app


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 10, 12, 7, 12, tzinfo=UTC), "i dag\u00a009.12"),
        (datetime(2026, 10, 11, 13, 30, tzinfo=UTC), "i går\u00a015.30"),
        (datetime(2026, 10, 13, 6, 0, tzinfo=UTC), "i morgen\u00a008.00"),
        (datetime(2026, 10, 1, 5, 31, tzinfo=UTC), "1. oktober kl. 07.31"),
        (datetime(2025, 1, 2, 5, 31, tzinfo=UTC), "2. januar 2025 kl. 06.31"),
        (datetime(2026, 10, 12, 7, 12), "i dag\u00a009.12"),
    ],
)
def test_reader_sees_a_moment_in_norwegian_wall_clock_words(
    words: Flask, moment: datetime, expected: str
) -> None:
    assert filters.moment(moment) == expected


def test_moment_just_after_utc_midnight_belongs_to_the_norwegian_day(
    words: Flask, at: Callable[[datetime], None]
) -> None:
    at(datetime(2026, 10, 12, 22, 30, tzinfo=UTC))  # 00.30 on the 13th in Oslo.
    assert filters.moment(datetime(2026, 10, 12, 22, 5, tzinfo=UTC)) == "i dag\u00a000.05"
    assert filters.moment(datetime(2026, 10, 12, 20, 0, tzinfo=UTC)) == "i går\u00a022.00"


def test_day_carries_its_year_only_when_it_is_another_year(words: Flask) -> None:
    assert filters.day(date(2026, 12, 24)) == "24. desember"
    assert filters.day(date(2027, 1, 3)) == "3. januar 2027"
    assert filters.day_short(date(2026, 10, 12)) == "12. okt."
    assert filters.day(datetime(2026, 10, 12, 22, 30, tzinfo=UTC)) == "13. oktober"
    assert filters.day(None) == ""


@pytest.mark.parametrize(
    ("due_on", "expected", "color"),
    [
        (date(2026, 10, 9), "Fristen var 9. oktober", "danger"),
        (date(2026, 10, 12), "Frist i dag", "danger"),
        (date(2026, 10, 13), "Frist i morgen", "danger"),
        (date(2026, 10, 14), "Frist 14. oktober", "neutral"),
    ],
)
def test_deadline_that_is_near_says_so(
    words: Flask, due_on: date, expected: str, color: str
) -> None:
    assert filters.due(due_on) == expected
    assert filters.due_color(due_on) == color


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Avvik 2026-0412", "Avvik 2026\u20110412"),
        ("pasientloven § 4-6", "pasientloven §\u00a04\u20116"),
        ("aml § 2 A-1", "aml §\u00a02 A\u20111"),
        ("PRO-12 kl. 12", "PRO\u201112 kl.\u00a012"),
        ("nord-sør og HMS-runde", "nord-sør og HMS-runde"),
        (None, ""),
    ],
)
def test_reference_stays_on_one_line_and_ordinary_hyphens_do_not_change(
    written: str | None, shown: str
) -> None:
    assert filters.nb(written) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 byte"),
        (999, "999 byte"),
        (1200, "1,2 kB"),
        (340_000, "340 kB"),
        (25_000_000, "25 MB"),
    ],
)
def test_file_size_is_shown_with_a_norwegian_decimal_comma(
    words: Flask, size: int, shown: str
) -> None:
    assert filters.filesize(size) == shown.replace(" ", "\u00a0")


def test_initials_come_from_the_first_and_the_last_name() -> None:
    assert filters.initials("Ingrid Marie Solheim") == "IS"
    assert filters.initials("Åse") == "Å"
    assert filters.initials("  ") == "?"


def test_typed_text_is_escaped_and_keeps_its_line_breaks() -> None:
    shown = filters.lines("Gulvet var vått.\n<script>alert(1)</script>\n\nNy del")
    assert shown == Markup(
        "<p>Gulvet var vått.<br>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>Ny del</p>"
    )


def test_long_address_is_parted_at_its_signs_and_never_within_a_word() -> None:
    shown = str(filters.lines("tore.valle@havnsund.kommune.example, a@b.no <x@" + "y" * 30 + ">"))
    assert "tore<wbr>.valle<wbr>@havnsund<wbr>.kommune<wbr>.example," in shown
    assert "a@b.no" in shown
    assert "&lt;x<wbr>@yyy" in shown
    assert "<x" not in shown


def test_day_on_paper_always_has_its_year(words: Flask) -> None:
    assert filters.full_day(date(2026, 10, 12)) == "12. oktober 2026"
    assert filters.full_day(None) == ""


def test_slug_is_fit_for_an_id() -> None:
    assert filters.slug("Mine oppgaver – før øvelsen!") == "mine-oppgaver-for-ovelsen"
    assert filters.slug("???") == "del"


def test_reader_who_chose_english_sees_english_dates(
    app: Flask, at: Callable[[datetime], None]
) -> None:
    at(MONDAY)
    with app.test_request_context("/", headers={"Cookie": "sprak=en"}):
        assert filters.day(date(2026, 12, 24)) == "24 December"
        assert filters.moment(datetime(2026, 10, 12, 7, 12, tzinfo=UTC)).endswith("09:12")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_days_written_by_hand_are_those_of_babel(
    app: Flask, at: Callable[[datetime], None], language: str
) -> None:
    """Every day of two years, in each language, as Babel's own patterns write it."""
    at(MONDAY)
    pattern = "d %s" if language == "en" else "d. %s"
    with app.test_request_context("/"), force_locale(language):
        for number in range(730):
            value = date(2026, 1, 1) + timedelta(days=number)
            year = "" if value.year == 2026 else " y"
            wanted = pattern % "MMMM" + year
            assert filters.day(value) == format_date(value, wanted)
            wanted = pattern % "MMM" + year
            assert filters.day_short(value) == format_date(value, wanted)
            wanted = "EEEE " + pattern % "MMMM"
            assert filters.weekday(value) == format_date(value, wanted)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_clock_written_by_hand_is_that_of_babel(
    app: Flask, at: Callable[[datetime], None], language: str
) -> None:
    at(MONDAY)
    pattern = "HH:mm" if language == "en" else "HH.mm"
    with app.test_request_context("/"), force_locale(language):
        for number in range(0, 24 * 60 * 200, 487):
            value = MONDAY - timedelta(days=400, minutes=number)
            wanted = format_time(value, pattern)
            assert filters.moment(value).endswith(wanted)
