"""What every form shares: cleaned text, a token, a version, a key against double sending."""

from __future__ import annotations

import unicodedata
import uuid
from functools import lru_cache
from typing import Any, cast

from babel import support
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from markupsafe import Markup, escape
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.fields.core import UnboundField
from wtforms.i18n import messages_path
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput, Select, html_params

from intranet.core.errors import IntranetError
from intranet.core.text import _
from intranet.web.i18n import LANGUAGES, current_language
from intranet.web.kept_text import restored_fields


def clean_text(value: Any) -> Any:
    """Return typed text as NFC with plain line breaks and no blanks around it."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def refuse_control_characters(_form: Any, field: Any) -> None:
    """Refuse what no keyboard types and a database cannot store: NUL, lone surrogates."""
    value = field.data
    if not isinstance(value, str):
        return
    if any(
        (ord(char) < 32 and char not in "\n\t") or 0xD800 <= ord(char) <= 0xDFFF for char in value
    ):
        # The checks that follow may ask the database, which cannot even be asked about it.
        raise StopValidation(_("Teksten inneholder tegn som ikke kan lagres. Skriv den på nytt."))


def refuse_far_days(_form: Any, field: Any) -> None:
    """Refuse years that nobody means: at the ends of the calendar a moment cannot be reckoned."""
    if field.data is not None and not EARLIEST_YEAR <= field.data.year <= LATEST_YEAR:
        raise StopValidation(
            _("Skriv et årstall fra %(first)d til %(last)d.", first=EARLIEST_YEAR, last=LATEST_YEAR)
        )


@lru_cache(maxsize=len(LANGUAGES))
def _wtforms_words(language: str) -> Any:
    """WTForms' own messages; Flask-WTF would read the file anew for each request."""
    return support.Translations.load(messages_path(), [language], domain="wtforms")


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form with CSRF token whose text fields are cleaned and checked."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Hooks into every field of the form."""

        def get_translations(self, _form: Any) -> Any:
            """Return WTForms' own messages in the language of the page."""
            return _wtforms_words(current_language())

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Show what was typed before the session ended, where the address asks for it."""
            sent = super().wrap_formdata(form, formdata)
            if sent is None and formdata is _Auto:
                return restored_fields(type(form).__name__)
            return sent

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Give each text field the cleaning filter and the check for control characters, and
            each day the check for years that nobody means.

            The class keeps its field as written: forms of many requests are made from it.
            """
            kind = unbound_field.field_class.__name__
            if kind not in TEXT_FIELDS and kind not in DAY_FIELDS:
                return unbound_field.bind(form=form, **options)
            label, own = unbound_field.args[:1], dict(unbound_field.kwargs)
            if len(unbound_field.args) > 1:
                own["validators"] = unbound_field.args[1]
            if kind in DAY_FIELDS:
                own["validators"] = [*(own.get("validators") or ()), refuse_far_days]
            else:
                own["validators"] = [refuse_control_characters, *(own.get("validators") or ())]
                own["filters"] = [clean_text, *(own.get("filters") or ())]
            cleaned = UnboundField(unbound_field.field_class, *label, **own)
            return cleaned.bind(form=form, **options)


# The password field is not among them: a password is never changed.
TEXT_FIELDS = frozenset(
    {
        "StringField",
        "TextAreaField",
        "SearchField",
        "EmailField",
        "TelField",
        "URLField",
        "PersonField",
    }
)

DAY_FIELDS = frozenset({"DateField", "DateTimeLocalField"})
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


class VersionedForm(BaseForm):
    """A form on something that two people can edit: carries the version it was rendered from."""

    version = IntegerField(widget=HiddenInput())


class SendOnceForm(BaseForm):
    """A form whose sending is remembered by key, so that a second press sends nothing more."""

    send_key = HiddenField()

    def ensure_key(self) -> str:
        """Return the key that the page carries; made anew when missing or malformed."""
        try:
            self.send_key.data = str(uuid.UUID(str(self.send_key.data)))
        except ValueError:
            self.send_key.data = str(uuid.uuid4())
        return str(self.send_key.data)


class PlainSelect(Select):
    """A select of options with only a value and a name: a hundred units for almost nothing."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """Return what the library's own widget returns; the options are remembered by their names.

        What is remembered is asked for by all that it shows, so nobody is shown another's.
        """
        pairs = field.choices
        if self.multiple or not isinstance(pairs, list) or not all(map(_is_plain_pair, pairs)):
            return cast(Markup, super().__call__(field, **kwargs))
        chosen = tuple(field.coerce(value) == field.data for value, _label in pairs)
        kwargs.setdefault("id", field.id)
        for flag in self.validation_attrs:
            if (value := getattr(field.flags, flag)) is not None:
                kwargs.setdefault(flag, value)
        names = tuple((str(value), str(label)) for value, label in pairs)
        options = _written_options(names, chosen.index(True) if True in chosen else -1)
        return Markup(  # noqa: S704 - both parts are escaped
            f"<select {html_params(name=field.name, **kwargs)}>{options}</select>"
        )

    @classmethod
    def render_option(cls, choice: Any, **kwargs: Any) -> Markup:
        """Return what the library's own widget returns."""
        if kwargs or choice.render_kw or isinstance(choice.value, bool):
            return Markup(super().render_option(choice, **kwargs))  # noqa: S704 - its own markup
        return Markup(_written_option(choice.value, choice.label, choice.selected))  # noqa: S704 - escaped there


def _written_option(value: object, label: object, is_chosen: bool) -> str:
    mark = "selected " if is_chosen else ""
    return f'<option {mark}value="{escape(value)}">{escape(label or value)}</option>'


@lru_cache(maxsize=512)
def _written_options(names: tuple[tuple[str, str], ...], chosen: int) -> str:
    return "".join(_written_option(*pair, n == chosen) for n, pair in enumerate(names))


def _is_plain_pair(choice: object) -> bool:
    return type(choice) is tuple and len(choice) == 2 and not isinstance(choice[0], bool)


class ChoiceField(SelectField):
    """A select of integers where the blank choice is None."""

    widget = PlainSelect()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=_integer_or_none, **kwargs)


def _integer_or_none(value: Any) -> int | None:
    if value in (None, "", "None"):
        return None
    number = int(value)
    # The databases' integers end here; a longer one is somebody's experiment.
    if not 0 < number < 2**31:
        raise ValueError(value)
    return number


def add_to_form(form: BaseForm, error: IntranetError) -> None:
    """Show an action's refusal in the form, at the field that it names."""
    message = str(error.message)
    field = form._fields.get(error.field) if error.field else None
    if field is None:
        form.form_errors.append(message)
    else:
        field.errors = [*field.errors, message]
