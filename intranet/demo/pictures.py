"""Draws the pictures of the demonstration's articles: flat shapes, no text, no files."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

SIZE = (1280, 720)
_SAND, _SEA, _NAVY, _RED, _GREEN, _WHITE, _SUN = (
    "#f3ece0", "#9cc7d8", "#1f3b57", "#c8443a", "#5d9c74", "#ffffff", "#f0b93f",
)  # fmt: skip
_SKIN = ("#8d5a3b", "#e0b08c", "#c98f66", "#f0cdae", "#5b3a29")


def draw_picture(name: str) -> bytes:
    """Return the picture with this name as PNG. Raises KeyError for an unknown name."""
    paint = _PAINTERS[name]
    picture = Image.new("RGB", SIZE, _SAND)
    paint(ImageDraw.Draw(picture))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def picture_names() -> frozenset[str]:
    """Return the names that can be drawn."""
    return frozenset(_PAINTERS)


def _portal(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 520, 1280, 720), fill=_SEA)
    draw.rounded_rectangle((470, 80, 810, 660), 44, fill=_NAVY)
    draw.rounded_rectangle((492, 120, 788, 600), 18, fill=_WHITE)
    for top in (150, 205, 260):
        draw.rounded_rectangle((520, top, 760, top + 32), 12, fill=_SAND)
    draw.ellipse((550, 330, 730, 510), fill=_RED)
    draw.rectangle((630, 370, 650, 470), fill=_WHITE)
    draw.rectangle((590, 410, 690, 430), fill=_WHITE)
    draw.polygon([(900, 150), (1120, 150), (1120, 290), (900, 290)], fill=_WHITE)
    draw.line([(900, 150), (1010, 230), (1120, 150)], fill=_NAVY, width=8)


def _vaccine(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 1280, 720), fill="#dcebdf")
    draw.rounded_rectangle((330, 300, 830, 420), 20, fill=_WHITE, outline=_NAVY, width=8)
    draw.rectangle((330, 300, 600, 420), fill=_GREEN, outline=_NAVY, width=8)
    draw.rectangle((830, 345, 920, 375), fill=_NAVY)
    draw.line([(920, 360), (1090, 360)], fill=_NAVY, width=8)
    draw.rectangle((230, 345, 330, 375), fill=_NAVY)
    draw.rectangle((200, 280, 230, 440), fill=_NAVY)
    draw.rounded_rectangle((520, 520, 860, 620), 50, fill="#e8c39e")
    draw.rectangle((640, 520, 740, 620), fill=_SAND)


def _fire(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 600, 1280, 720), fill="#cfc4b2")
    draw.rectangle((200, 110, 560, 600), fill=_RED)
    draw.rectangle((235, 150, 525, 600), fill="#b43b32")
    draw.ellipse((480, 350, 510, 380), fill=_SUN)
    draw.rounded_rectangle((680, 180, 1120, 460), 16, fill=_GREEN)
    draw.ellipse((860, 205, 910, 255), fill=_WHITE)
    draw.line([(885, 255), (865, 335), (815, 410)], fill=_WHITE, width=22)
    draw.line([(865, 335), (930, 365), (925, 430)], fill=_WHITE, width=22)
    draw.line([(880, 275), (945, 300)], fill=_WHITE, width=18)
    draw.line([(880, 275), (820, 310)], fill=_WHITE, width=18)


def _school(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 1280, 480), fill=_SEA)
    draw.rectangle((0, 480, 1280, 720), fill=_GREEN)
    draw.rectangle((980, 320, 1030, 560), fill="#7a5233")
    draw.ellipse((860, 100, 1150, 370), fill="#3f7d57")
    draw.line([(180, 200), (120, 560)], fill=_NAVY, width=16)
    draw.line([(500, 200), (560, 560)], fill=_NAVY, width=16)
    draw.line([(180, 200), (500, 200)], fill=_NAVY, width=16)
    for left in (280, 400):
        draw.line([(left, 200), (left, 440)], fill=_NAVY, width=5)
    draw.rectangle((270, 440, 410, 456), fill=_RED)
    for number, left in enumerate((620, 720, 820)):
        _person(draw, left, 440, (_RED, _SUN, _NAVY)[number], _SKIN[number])


def _concert(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 1280, 720), fill="#2a2f52")
    draw.rectangle((820, 90, 1160, 500), fill="#0f1730", outline=_SAND, width=14)
    for x, y in ((880, 170), (960, 260), (1080, 150), (1100, 340), (900, 400), (1010, 440)):
        draw.regular_polygon((x, y, 16), 5, fill=_SUN)
    draw.ellipse((180, 360, 420, 620), fill="#a3592c")
    draw.ellipse((220, 190, 390, 390), fill="#a3592c")
    draw.rectangle((290, 40, 320, 480), fill="#3b2116")
    draw.line([(520, 150), (120, 650)], fill=_SAND, width=8)
    for x, y in ((560, 300), (660, 250), (740, 340)):
        draw.ellipse((x, y, x + 50, y + 38), fill=_WHITE)
        draw.line([(x + 46, y + 18), (x + 46, y - 100)], fill=_WHITE, width=8)


def _winter(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 1280, 720), fill="#b7cfe0")
    draw.rectangle((0, 540, 1280, 720), fill=_WHITE)
    for left, colour in ((80, _RED), (330, _SUN)):
        draw.rectangle((left, 330, left + 190, 540), fill=colour)
        draw.polygon([(left - 20, 330), (left + 95, 220), (left + 210, 330)], fill=_NAVY)
        draw.rectangle((left + 70, 400, left + 120, 460), fill=_WHITE)
    draw.rounded_rectangle((660, 340, 980, 540), 20, fill="#e08a2c")
    draw.rectangle((860, 370, 960, 450), fill=_SEA)
    draw.polygon([(990, 420), (1090, 380), (1090, 580), (990, 560)], fill=_NAVY)
    for left in (690, 850):
        draw.ellipse((left, 500, left + 90, 590), fill="#222222")
    for number in range(90):
        x, y = (number * 197) % 1280, (number * 131) % 700
        draw.ellipse((x, y, x + 9, y + 9), fill=_WHITE)


def _together(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 560, 1280, 720), fill=_SEA)
    colours = (_WHITE, "#e08a2c", _NAVY, _GREEN, _RED)
    for number, colour in enumerate(colours):
        _person(draw, 190 + number * 195, 300, colour, _SKIN[number], scale=2)


def _person(
    draw: ImageDraw.ImageDraw, left: int, top: int, colour: str, skin: str, scale: int = 1
) -> None:
    head, width, height = 46 * scale, 64 * scale, 110 * scale
    middle = left + width // 2
    draw.ellipse((middle - head // 2, top - head, middle + head // 2, top), fill=skin)
    draw.rounded_rectangle((left, top, left + width, top + height), 18 * scale, fill=colour)
    legs = top + height
    draw.rectangle((left + 8, legs, left + 26 * scale, legs + 40 * scale), fill="#333333")
    draw.rectangle((left + 36 * scale, legs, left + width - 8, legs + 40 * scale), fill="#333333")


_PAINTERS: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "portal": _portal,
    "vaksine": _vaccine,
    "brann": _fire,
    "skole": _school,
    "konsert": _concert,
    "vinter": _winter,
    "sammen": _together,
}
