"""How a WTForms field is drawn: its kind, attributes, choices and faults. Writes no HTML itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, Field, FileField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectFieldBase
from wtforms.widgets import CheckboxInput

from intranet.core.settings import get_settings
from intranet.core.text import _


@dataclass(frozen=True)
class Option:
    """One radio button or checkbox of a field."""

    id: str
    value: str
    label: str
    checked: bool
    hint: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Fault:
    """One line of the error summary; `target` is the id of the control to go to, if any."""

    text: str
    target: str = ""


def field_kind(field: Field) -> str:
    """Return hidden, radios, checkboxes, checkbox, select, textarea, file or input."""
    if getattr(field.widget, "input_type", "") == "hidden":
        return "hidden"
    if isinstance(field, RadioField):
        return "radios"
    if isinstance(field, SelectMultipleField) and isinstance(field.option_widget, CheckboxInput):
        return "checkboxes"
    for kind, name in (
        (SelectFieldBase, "select"),
        (BooleanField, "checkbox"),
        (TextAreaField, "textarea"),
        (FileField, "file"),
    ):
        if isinstance(field, kind):
            return name
    return "input"


def field_described_by(field: Field, hint: object = "") -> str:
    """Return the ids of what explains the field: the hint, then the error."""
    parts = []
    if hint or field.description:
        parts.append(f"{field.id}-hint")
    if field.errors:
        parts.append(f"{field.id}-error")
    return " ".join(parts)


def field_attributes(
    field: Field, hint: object = "", rows: int | None = None, autocomplete: str = "", type: str = ""
) -> dict[str, Any]:
    """Return the attributes that link a control to its hint and error."""
    kind = field_kind(field)
    attributes: dict[str, Any] = {} if kind == "file" else {"class": "ds-input"}
    described_by = field_described_by(field, hint)
    if described_by:
        attributes["aria-describedby"] = described_by
    if field.errors:
        attributes["aria-invalid"] = "true"
    if kind == "file":
        # The script says so before anything is sent; the server refuses in any case.
        attributes["data-max-bytes"] = get_settings().max_upload_bytes
        attributes["data-too-large"] = _("for stor")
    if kind == "textarea":
        attributes["rows"] = rows or (field.render_kw or {}).get("rows", 4)
    if autocomplete:
        attributes["autocomplete"] = autocomplete
    if type and kind == "input":
        attributes["type"] = type
    return attributes


def field_options(field: Any) -> list[Option]:
    """Return the choices of a field of radio buttons or checkboxes, in order."""
    return [
        Option(
            id=f"{field.id}-{number}",
            value=str(choice.value),
            label=choice.label,
            checked=bool(choice.selected),
            hint=(choice.render_kw or {}).get("data-hint", ""),
            icon=(choice.render_kw or {}).get("data-icon", ""),
        )
        for number, choice in enumerate(field.iter_choices())
    ]


def form_faults(form: Any) -> list[Fault]:
    """Return the form's errors in the order of its fields; equal texts get the field's label."""
    found = [(field, text) for field in form if field.errors for text in _flatten(field.errors)]
    times = Counter(text for _field, text in found)
    faults = [
        Fault(f"{_name(field)}: {text}" if times[text] > 1 else text, _target(field))
        for field, text in found
    ]
    return faults + [Fault(text) for text in _flatten(getattr(form, "form_errors", ()))]


def _name(field: Field) -> str:
    return str(field.label.text).rstrip("?: ")


def _target(field: Field) -> str:
    kind = field_kind(field)
    if kind == "hidden":
        return ""
    return f"{field.id}-0" if kind in ("radios", "checkboxes") else str(field.id)


def _flatten(errors: Any) -> Iterator[str]:
    """Yield the texts of a field's errors, also those of fields within it."""
    if isinstance(errors, dict):
        for value in errors.values():
            yield from _flatten(value)
    elif isinstance(errors, (list, tuple)):
        for value in errors:
            yield from _flatten(value)
    else:
        yield str(errors)
