"""What every template may ask: built files, menus, language, looks. Knows no domain."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, has_request_context, request
from markupsafe import Markup
from werkzeug.local import LocalProxy

from intranet.core.actor import Viewer
from intranet.core.clock import today
from intranet.core.remark_words import REMARK_WORDS
from intranet.core.settings import get_settings
from intranet.core.text import _l
from intranet.web import form_fields
from intranet.web.access import declared_access, find_viewer
from intranet.web.i18n import LANGUAGES, current_language
from intranet.web.kept_addresses import Kept, fixed_url, kept_addresses, url_for
from intranet.web.kept_text import form_owner
from intranet.web.remembered import ShownForm, remembered, remembered_whole

log = logging.getLogger("intranet.web")

BUILT = Path(__file__).resolve().parent.parent / "static" / "vendor"
COLOUR_SCHEMES = {"light": _l("Lyst"), "dark": _l("Mørkt"), "auto": _l("Som enheten")}
COLOUR_COOKIE = "utseende"


@dataclass(frozen=True, eq=False)
class MenuItem:
    """One place of a menu; shown only when its endpoint is registered."""

    key: str
    endpoint: str
    label: Any
    icon: str


# Places of a menu with their addresses.
Places = tuple[tuple[MenuItem, str], ...]

MAIN_MENU = (
    MenuItem("forside", "home.show_front_page", _l("Forside"), "House"),
    MenuItem("nyheter", "news.list_articles", _l("Nyheter"), "Newspaper"),
    MenuItem("bibliotek", "library.list_documents", _l("Prosedyrer"), "FileText"),
    MenuItem("lover", "laws.list_laws", _l("Lover og forskrifter"), "Gavel"),
    MenuItem("avvik", "deviations.list_my_deviations", _l("Avvik"), "ExclamationmarkTriangle"),
    MenuItem("stillinger", "vacancies.list_vacancies", _l("Ledige stillinger"), "Briefcase"),
    MenuItem("organisasjon", "people.show_organisation", _l("Organisasjon"), "PersonGroup"),
)
ACCOUNT_MENU = (
    MenuItem("oppgaver", "home.list_my_tasks", _l("Mine oppgaver"), "Tasklist"),
    MenuItem("mine-avvik", "deviations.list_my_deviations", _l("Mine avvik"), "FileText"),
    MenuItem("varsler", "notifications.list_notices", _l("Varsler"), "Bell"),
    MenuItem("stedfortreder", "people.manage_stand_ins", _l("Stedfortreder"), "PersonSuit"),
    MenuItem("administrasjon", "home.show_administration", _l("Administrasjon"), "Cog"),
)
# What the kind of a task looks like; the icon comes with the task.
TASK_COLORS = {"read": "info", "deviation": "brand", "approve": "success", "action": "brand"}


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    try:
        names = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        # Pages are complete without styles; a plain page beats none.
        log.error("static files are not built: run python -m intranet.web.assets")
        return {}
    return dict(names)


def asset(name: str) -> str:
    """Return the address of a built file, with its content's hash in the name."""
    known = kept_addresses()
    address = known.get(name)
    if address is None:
        address = url_for("static", filename=f"vendor/{_manifest().get(name, name)}")
        known[name] = address
    return address


def draw_icon(name: str, css_class: str = "") -> Markup:
    """Return the picture from the sprite, which says nothing to a screen reader."""
    return _drawn(name, f"icon {css_class}".rstrip(), asset("icons.svg"))


@lru_cache(maxsize=1024)
def _drawn(name: str, css_class: str, sprite: str) -> Markup:
    return Markup(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    ).format(css_class, sprite, name)


def optional_url(endpoint: str, **values: Any) -> str | None:
    """Return the address of an endpoint, or None where this installation has no such page."""
    if values:
        return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
    return fixed_url(endpoint, kept_addresses())


def main_menu() -> Places:
    """Return the main menu's places that exist, with their addresses."""
    return _existing("main menu", MAIN_MENU)


def account_menu() -> Places:
    """Return the places of the account menu that exist, with their addresses."""
    return _existing("account menu", ACCOUNT_MENU)


def stands_at(places: Places, key: str) -> bool:
    """Whether this page is the place itself, not only something below it."""
    return any(item.key == key and url == request.path for item, url in places)


def _existing(name: str, menu: tuple[MenuItem, ...]) -> Places:
    viewer, known = find_viewer(), kept_addresses()
    key = (name, "someone" if viewer else "nobody")
    kept: tuple[Places, frozenset[str]] | None = known.get(key)
    if kept is None:
        kept = known[key] = _open_to_all(menu, known, viewer)
    places, asked = kept
    if not asked:
        return places
    return tuple(
        (item, url)
        for item, url in places
        if item.endpoint not in asked or opens(item.endpoint, viewer)
    )


def _open_to_all(
    menu: tuple[MenuItem, ...], known: Kept, viewer: Viewer | None
) -> tuple[Places, frozenset[str]]:
    """Return the places that some may open, and those of them where it hangs on who it is."""
    there = [(item, url) for item in menu if (url := fixed_url(item.endpoint, known))]
    asked = frozenset(item.endpoint for item, _url in there if _hangs_on_person(item.endpoint))
    places = tuple(
        (item, url) for item, url in there if item.endpoint in asked or opens(item.endpoint, viewer)
    )
    return places, asked


def _hangs_on_person(endpoint: str) -> bool:
    access = declared_access(current_app, endpoint)
    return isinstance(access, tuple) and len(access) > 0


def opens(endpoint: str, viewer: Viewer | None) -> bool:
    """Whether the page lets this person in, by what its view declares."""
    access = declared_access(current_app, endpoint)
    return not isinstance(access, tuple) or (
        viewer is not None and all(may(viewer) for may in access)
    )


def colour_scheme() -> str:
    """Return light, dark or auto: the person's choice, the browser's cookie, or the device."""
    if not has_request_context():
        return "auto"
    viewer = find_viewer()
    chosen = viewer.colour_scheme if viewer else request.cookies.get(COLOUR_COOKIE, "")
    return chosen if chosen in COLOUR_SCHEMES else "auto"


def current_path() -> str:
    """Return the path and query of this page, to come back to; never another site's address."""
    if not has_request_context():
        return "/"
    return str(request.full_path).rstrip("?")


def problem_url() -> str | None:
    """Return where a person who is logged in tells that something is wrong on this page."""
    url = optional_url("home.report_page_problem") if find_viewer() else None
    return f"{url}?{urlencode({'side': current_path()})}" if url else None


def task_color(kind: str) -> str:
    """Return the colour of a task's round icon."""
    return TASK_COLORS.get(kind.split(".")[0], "accent")


def _context() -> dict[str, Any]:
    return {"viewer": find_viewer()}


def install(app: Flask) -> None:
    """Give the globals to every template, imported macros included."""
    app.jinja_env.globals.update(
        settings=LocalProxy(get_settings),
        asset=asset,
        draw_icon=draw_icon,
        url_for=url_for,
        optional_url=optional_url,
        main_menu=main_menu,
        account_menu=account_menu,
        current_language=current_language,
        colour_scheme=colour_scheme,
        current_path=current_path,
        problem_url=problem_url,
        task_color=task_color,
        today=today,
        remark_words=REMARK_WORDS,
        languages=LANGUAGES,
        colour_schemes=COLOUR_SCHEMES,
        field_kind=form_fields.field_kind,
        field_attributes=form_fields.field_attributes,
        field_options=form_fields.field_options,
        field_described_by=form_fields.field_described_by,
        form_faults=form_fields.form_faults,
        form_owner=form_owner,
        remembered=remembered,
        remembered_whole=remembered_whole,
        shown_form=ShownForm,
        stands_at=stands_at,
    )
    app.context_processor(_context)
