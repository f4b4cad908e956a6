"""What holds for every template and style sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intranet.web.template_globals import MAIN_MENU

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.parent.name not in ("_layout", "_components")
         and "email" not in path.parts]  # fmt: skip
STYLES = [ROOT / "intranet/static/app.css", *sorted((ROOT / "intranet/static/css").glob("*.css"))]
SYMBOLS = set(
    re.findall(r'<symbol id="(\w+)"', (ROOT / "intranet/static/icons.svg").read_text("utf-8"))
)

FORBIDDEN = {
    "inline style": re.compile(r"<[^>{]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "inline handler": re.compile(r"<[a-z][^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|\bMarkup\(|autoescape\s+false"),
    "foreign file": re.compile(r"""(?:src|<link[^>]*href)\s*=\s*["']https?:""", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
}
LAYOUT = re.compile(
    r'{%\s*extends\s+"(_layout/\w+\.html)"(?:\s+if\s+\w+\s+else\s+"(_layout/\w+\.html)")?'
)
ICON_IN_TEMPLATE = re.compile(r"""ui\.icon\(\s*["'](\w+)|(?<!-)icon\s*=\s*["'](\w+)["']""")
ICON_IN_CODE = re.compile(r"""(?:\bicon=|"data-icon":\s*)["'](\w+)["']""")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_template_holds_no_inline_code_and_no_unescaped_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = {what for what, pattern in FORBIDDEN.items() if pattern.search(text)}
    assert not found


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_page_stands_in_the_layout_and_has_a_title(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name.startswith("_"):
        return  # A part that a page includes.
    assert LAYOUT.search(text), "extends no layout"
    assert "{% block title %}" in text


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_icons_of_a_template_are_in_the_sprite(path: Path) -> None:
    names = {a or b for a, b in ICON_IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))}
    assert names <= SYMBOLS, names - SYMBOLS


def test_icons_named_in_code_are_in_the_sprite() -> None:
    names: set[str] = set()
    for path in (ROOT / "intranet").rglob("*.py"):
        names |= set(ICON_IN_CODE.findall(path.read_text(encoding="utf-8")))
    assert names
    assert names <= SYMBOLS, names - SYMBOLS


@pytest.mark.parametrize("path", STYLES, ids=_name)
def test_our_styles_take_every_colour_from_the_theme(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])", text)
    assert not re.findall(r"\b(?:rgb|rgba|hsl|hsla|oklch)\(", text)
    assert "@import" not in text
    assert not re.findall(r"url\(['\"]?(?:https?:)?//", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_template_is_not_a_god_file(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_crumbs_call_a_place_of_the_menu_what_the_menu_calls_it() -> None:
    menu = {item.endpoint: str(item.label) for item in MAIN_MENU}
    # The menu's "Avvik" is where my own are; the crumbs tell them from those that I handle.
    del menu["deviations.list_my_deviations"]
    crumbs = {
        (_name(path), endpoint, words)
        for path in PAGES
        for line in re.findall(r"set breadcrumbs = (.*)", path.read_text(encoding="utf-8"))
        for endpoint, words in re.findall(r'url_for\("([\w.]+)"\), _\("([^"]+)"\)', line)
        if endpoint in menu
    }
    assert len(crumbs) > 80
    assert [crumb for crumb in crumbs if menu[crumb[1]] != crumb[2]] == []
