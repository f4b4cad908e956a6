"""Picks icons from @navikt/aksel-icons into one sprite; run by hand, see README.md beside it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
_NUMBER = re.compile(r"\d+\.\d{3,}")
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def make_sprite(package: Path) -> str:
    """Return the sprite of the names in icons.txt; raises FileNotFoundError for an unknown one."""
    symbols = []
    for name in sorted(set((HERE / "icons.txt").read_text(encoding="utf-8").split())):
        svg = (package / "dist" / "svg" / f"{name}.svg").read_text(encoding="utf-8")
        match = _BODY.search(svg)
        assert match, name
        body = match.group(1).replace(' fill="currentColor"', "").strip()
        # Two decimals of a 24-unit square are finer than any screen.
        body = _NUMBER.sub(
            lambda number: f"{float(number.group()):.2f}".rstrip("0").rstrip("."), body
        )
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    notice = "<!-- Aksel icons, (c) NAV, MIT licence, github.com/navikt/aksel -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">{notice}\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    (HERE.parent / "icons.svg").write_text(make_sprite(Path(sys.argv[1])), encoding="utf-8")
