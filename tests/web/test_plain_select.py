"""The lean select writes what the library's own widget writes."""

from __future__ import annotations

from typing import Any

import pytest
from wtforms.fields.choices import Choice
from wtforms.widgets import Select

from intranet.web.forms import PlainSelect


@pytest.mark.parametrize("is_selected", [False, True])
@pytest.mark.parametrize("value", ["", 7, True, '"<&>'])
@pytest.mark.parametrize("more", [{}, {"data-hint": "h"}])
def test_an_option_is_written_as_before(value: Any, is_selected: bool, more: Any) -> None:
    choice = Choice(value, "<b>Å & «'\"»", is_selected, more)
    assert PlainSelect.render_option(choice) == Select.render_option(choice)
