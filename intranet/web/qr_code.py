"""Draws an address as a QR code; knows no domain."""

from __future__ import annotations

import segno
from markupsafe import Markup


def draw_code(address: str) -> Markup:
    """Return the address as a QR code in SVG, readable with a corner torn off."""
    drawn = segno.make(address, error="q", micro=False)
    # Drawn from our own address: digits and black squares.
    return Markup(  # noqa: S704
        drawn.svg_inline(
            omitsize=True, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
        )
    )


def draw_code_file(address: str) -> str:
    """Return the same as a file of its own, which says what it is."""
    return str(draw_code(address)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
