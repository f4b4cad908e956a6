"""What the administrator changes about deviations; in force for new judgements. Never commits.

Nothing is deleted: rows are taken out of use. Each change is audited with before and after.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import func, select

from intranet.audit.actions import record
from intranet.audit.events import AuditEvent
from intranet.core.actor import Viewer
from intranet.core.errors import InvalidInput, NotAllowed, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.deviations.categories import FEWEST_QUESTIONS, ICONS, MOST_ACTIVE, MOST_QUESTIONS
from intranet.deviations.clock_models import AuthorityNumber
from intranet.deviations.follow_up_models import FollowUpTemplate
from intranet.deviations.models import (
    CopyRule,
    DeadlineSetting,
    DeviationCategory,
    DeviationCause,
    DeviationQuestion,
    SettingsVersion,
)
from intranet.deviations.proposals import Meaning
from intranet.deviations.queries.setting_pages import count_asked, names_in_copy_rules
from intranet.deviations.setting_policy import can_edit_settings
from intranet.extensions import db

Values = Mapping[str, Any]
Row = TypeVar(
    "Row",
    DeviationCategory,
    DeviationQuestion,
    CopyRule,
    DeviationCause,
    FollowUpTemplate,
    AuthorityNumber,
)


def add_category(values: Values, *, actor: Viewer) -> DeviationCategory:
    """Add a category, out of use until it has its questions; the administrator may."""
    _begin(actor)
    _check_category(values)
    row = DeviationCategory(key=_free_key(DeviationCategory, values["name_nb"], 16), **values)
    row.is_active = False
    return _added(row, values, actor)


def change_category(
    row: DeviationCategory, values: Values, *, version: int | None, actor: Viewer
) -> None:
    """Change words, icon, order or use of a category; the administrator may.

    It is taken into use with three or four questions, and not out of use while a rule of copies
    names it. Cases keep the words that they were reported with.
    """
    _begin(actor, row, version)
    _check_category(values)
    if values["is_active"] and not row.is_active:
        asked = count_asked(row.id)
        if not FEWEST_QUESTIONS <= asked <= MOST_QUESTIONS:
            raise InvalidInput(
                _("Typen må ha tre eller fire spørsmål i bruk før den kan tas i bruk."), "is_active"
            )
        _check_most_categories()
    if row.is_active and not values["is_active"] and names_in_copy_rules(row.key):
        raise InvalidInput(
            _("En regel for kopi bruker denne typen. Ta regelen ut av bruk først."), "is_active"
        )
    _change(row, values, actor)


def add_question(
    category: DeviationCategory, values: Values, *, actor: Viewer
) -> DeviationQuestion:
    """Add a question to a category, in use at once if there is room; the administrator may."""
    _begin(actor)
    _check_proposal(values)
    if values["is_active"]:
        _check_room_for_question(category)
    number = db.session.scalar(
        select(func.count()).where(DeviationQuestion.category_id == category.id)
    )
    # The first ones have words as keys, so that a number is always free.
    row = DeviationQuestion(category_id=category.id, key=f"q{(number or 0) + 1}", **values)
    return _added(row, values, actor)


def change_question(
    row: DeviationQuestion,
    category: DeviationCategory,
    values: Values,
    *,
    version: int | None,
    actor: Viewer,
) -> None:
    """Change the words of a question, what a tick means, its place or use; administrators may."""
    _begin(actor, row, version)
    _check_proposal(values)
    if values["is_active"] and not row.is_active:
        _check_room_for_question(category)
    is_ending = row.is_active and not values["is_active"]
    if is_ending and category.is_active and count_asked(category.id) <= FEWEST_QUESTIONS:
        raise InvalidInput(
            _("En type i bruk må ha minst tre spørsmål. Legg til et nytt først."), "is_active"
        )
    _change(row, values, actor)


def change_deadline(
    row: DeadlineSetting, values: Values, *, version: int | None, actor: Viewer
) -> None:
    """Change the working days of a severity; clocks that run keep their day. Administrators may."""
    _begin(actor, row, version)
    _change(row, values, actor)


def add_copy_rule(values: Values, *, actor: Viewer) -> CopyRule:
    """Add a rule of copies; the administrator may."""
    _begin(actor)
    _check_copy_rule(values)
    return _added(CopyRule(**values), values, actor)


def change_copy_rule(row: CopyRule, values: Values, *, version: int | None, actor: Viewer) -> None:
    """Change a rule of copies or take it out of use; the administrator may."""
    _begin(actor, row, version)
    _check_copy_rule(values, besides=row.id)
    _change(row, values, actor)


def add_cause(values: Values, *, actor: Viewer) -> DeviationCause:
    """Add a cause, at the top or below a top one; the administrator may."""
    _begin(actor)
    _check_parent(values["parent_id"])
    row = DeviationCause(key=_free_key(DeviationCause, values["name_nb"], 40), **values)
    return _added(row, values, actor)


def change_cause(
    row: DeviationCause, values: Values, *, version: int | None, actor: Viewer
) -> None:
    """Change a cause or take it out of use; the administrator may."""
    _begin(actor, row, version)
    _check_parent(values["parent_id"], of=row)
    _change(row, values, actor)


def add_follow_up(values: Values, *, actor: Viewer) -> FollowUpTemplate:
    """Add a proposal of follow-up for a kind of event; the administrator may."""
    _begin(actor)
    return _added(FollowUpTemplate(**values), values, actor)


def change_follow_up(
    row: FollowUpTemplate, values: Values, *, version: int | None, actor: Viewer
) -> None:
    """Change a proposal or take it out of use; cases keep what they got. Administrators may."""
    _begin(actor, row, version)
    _change(row, values, actor)


def add_number(values: Values, *, actor: Viewer) -> AuthorityNumber:
    """Add a telephone number for a kind of event; the administrator may."""
    _begin(actor)
    _check_number(values)
    return _added(AuthorityNumber(**values), values, actor)


def change_number(
    row: AuthorityNumber, values: Values, *, version: int | None, actor: Viewer
) -> None:
    """Change a number or take it out of use; cases show it at once. The administrator may."""
    _begin(actor, row, version)
    _check_number(values)
    _change(row, values, actor)


def _check_number(values: Values) -> None:
    if not re.fullmatch(r"\+?[0-9][0-9 ]{1,18}", values["number"]):
        raise InvalidInput(_("Skriv bare siffer og mellomrom."), "number")


def _begin(actor: Viewer, row: Any = None, version: int | None = None) -> None:
    if not can_edit_settings(actor):
        raise NotAllowed(_("Bare administratorer kan endre dette."))
    # One change at a time, so that limits such as "at least three questions" hold for two at once.
    db.session.get(SettingsVersion, 1, with_for_update=True)
    if row is not None and version != row.version:
        raise SomeoneElseWasFirst(
            _("Noen andre endret dette mens du skrev. Se hva som er lagret nå, før du lagrer.")
        )


def _check_proposal(values: Values) -> None:
    proposes = values.get("proposes")
    if proposes is not None and Meaning.read(proposes) is None:
        raise InvalidInput(_("Velg en hendelse fra lista."), "proposes")


def _check_category(values: Values) -> None:
    _check_proposal(values)
    if values["icon"] not in ICONS:
        raise InvalidInput(_("Velg et ikon fra lista."), "icon")


def _check_most_categories() -> None:
    active = db.session.scalar(select(func.count()).where(DeviationCategory.is_active)) or 0
    if active >= MOST_ACTIVE:
        raise InvalidInput(
            _("Det kan være høyst tolv typer i bruk. Ta en annen ut av bruk først."), "is_active"
        )


def _check_room_for_question(category: DeviationCategory) -> None:
    if count_asked(category.id) >= MOST_QUESTIONS:
        raise InvalidInput(
            _("Det kan være høyst fire spørsmål i bruk. Ta et annet ut av bruk først."), "is_active"
        )


def _check_copy_rule(values: Values, *, besides: int | None = None) -> None:
    if not values["is_active"]:
        return
    category = values["category"]
    if category is not None:
        found = db.session.scalar(
            select(DeviationCategory.is_active).where(DeviationCategory.key == category)
        )
        if not found:
            raise InvalidInput(_("Denne typen er ikke i bruk. Velg en annen."), "category")
    same = select(CopyRule.id).where(
        CopyRule.category == category if category else CopyRule.category.is_(None),
        CopyRule.role == values["role"],
        CopyRule.least_rank == values["least_rank"],
        CopyRule.is_active,
        CopyRule.id != (besides or 0),
    )
    if db.session.scalar(same) is not None:
        raise InvalidInput(_("Denne regelen finnes fra før."), "role")


def _check_parent(parent_id: int | None, *, of: DeviationCause | None = None) -> None:
    """A list of two levels: below a top one, never below itself or below a finer one."""
    if parent_id is None:
        return
    parent = db.session.get(DeviationCause, parent_id)
    is_wrong = parent is None or parent.parent_id is not None
    if of is not None:
        has_own = select(DeviationCause.id).where(DeviationCause.parent_id == of.id).limit(1)
        is_wrong = is_wrong or parent_id == of.id or db.session.scalar(has_own) is not None
    if is_wrong:
        raise InvalidInput(_("Velg en årsak som står øverst i lista."), "parent_id")


def _added(row: Row, values: Values, actor: Viewer) -> Row:
    db.session.add(row)
    db.session.flush()
    _count_up()
    record(
        AuditEvent.DEVIATION_SETTING_ADDED,
        actor=actor,
        subject=row.__tablename__,
        subject_id=row.id,
        details={"after": {name: getattr(row, name) for name in values}},
    )
    return row


def _change(row: Any, values: Values, actor: Viewer) -> None:
    before = {name: getattr(row, name) for name, new in values.items() if getattr(row, name) != new}
    if not before:
        return
    for name in before:
        setattr(row, name, values[name])
    db.session.flush()
    _count_up()
    record(
        AuditEvent.DEVIATION_SETTING_CHANGED,
        actor=actor,
        subject=row.__tablename__,
        subject_id=row.severity_rank if isinstance(row, DeadlineSetting) else row.id,
        details={"before": before, "after": {name: values[name] for name in before}},
    )


def _count_up() -> None:
    """Let every process know that it has to read anew."""
    row = db.session.get(SettingsVersion, 1, with_for_update=True)
    if row is None:
        db.session.add(SettingsVersion(id=1, version=1))
    else:
        row.version += 1
    db.session.flush()


def _free_key(table: Any, name: str, longest: int) -> str:
    """Return a key from the first words that no row has, for rows and addresses."""
    plain = name.casefold().replace("æ", "ae").replace("ø", "o").replace("å", "aa")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: longest - 4].strip("-") or "ny"
    taken = set(db.session.scalars(select(table.key).where(table.key.startswith(stem))))
    if stem not in taken:
        return stem
    return next(key for n in range(2, 1000) if (key := f"{stem}-{n}") not in taken)
