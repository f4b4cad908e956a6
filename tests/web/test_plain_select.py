"""The lean select writes what the library's own widget writes."""

from __future__ import annotations

from typing import Any

import pytest
from wtforms import Form, SelectField
from wtforms.fields.choices import Choice
from wtforms.widgets import Select

from intranet.web.forms import ChoiceField, PlainSelect


@pytest.mark.parametrize("is_selected", [False, True])
@pytest.mark.parametrize("value", ["", 7, True, '"<&>'])
@pytest.mark.parametrize("more", [{}, {"data-hint": "h"}])
def test_an_option_is_written_as_before(value: Any, is_selected: bool, more: Any) -> None:
    choice = Choice(value, "<b>Å & «'\"»", is_selected, more)
    assert PlainSelect.render_option(choice) == Select.render_option(choice)


class _Units(Form):  # type: ignore[misc]
    unit = ChoiceField("Enhet", render_kw={"data-x": "1"})
    kind = SelectField("Type", widget=PlainSelect())


@pytest.mark.parametrize("chosen", [None, 2, 3])
def test_a_whole_select_is_written_as_before_whatever_was_written_last(chosen: int | None) -> None:
    for names in (("Skole", "<Barnehage>"), ("Skole", "Sykehjem")):
        form = _Units(data={"unit": chosen, "kind": "b"})
        form.unit.choices = [("", "Alle"), *enumerate(names, start=2)]
        form.kind.choices = [("a", ""), ("b", "Å")]
        for field in form:
            for more in ({}, {"class": "ds-input", "required": True}):
                assert field(**more) == Select()(field, **{**(field.render_kw or {}), **more})
