"""What pages with a code have in common: sealing, retyping, files, and how often. Know nobody."""

from __future__ import annotations

from typing import Any

from flask import request

from intranet.anonymous import forms
from intranet.core.errors import InvalidInput, NotFound, NotPossibleNow
from intranet.core.receipt_code import is_same_code, make_code, open_seal, seal_code
from intranet.core.text import _
from intranet.core.traceless_files import CleanFile, clean_upload
from intranet.web.sessionless import Bucket

SHOWN, TYPED = "shown", "typed"
MOST_FILES = 5
STATUS = {InvalidInput: 422, NotFound: 422, NotPossibleNow: 409}
# By all together, in each process: no address is looked at (AN-11).
SENDINGS = Bucket(40, 30)
OPENINGS = Bucket(200, 1)


def take_code(form: forms.TypeCodeForm) -> tuple[str, bool]:
    """Return the page's code and whether it was typed right; if not, the form holds why.

    A page that is too old gets a new code.
    """
    code = open_seal(form.code.data, form.seal.data, SHOWN)
    if code is None:
        form.form_errors.append(_("Siden var for gammel. Her er en ny kode."))
        return make_code(), False
    if not form.validate():
        return code, False
    if not is_same_code(form.typed.data, code):
        form.typed.errors = [
            _("Koden er ikke skrevet likt. Se på den en gang til og skriv alle de 24 tegnene.")
        ]
        return code, False
    return code, True


def open_typed(form: Any) -> str:
    """Return the code of a form that is sent after the retyping. Raises InvalidInput."""
    code = open_seal(form.code.data, form.seal.data, TYPED)
    if code is None:
        raise InvalidInput(
            _("Siden var for gammel til å sende fra. Begynn på nytt og lim inn teksten.")
        )
    return code


def seal(form: Any, code: str, purpose: str) -> None:
    """Put the code and its proof in the form."""
    form.code.data, form.seal.data = code, seal_code(code, purpose)


def check_sending(bucket: Bucket = SENDINGS) -> None:
    """Take one sending. Raises NotPossibleNow when all together send too much."""
    if not bucket.take():
        raise NotPossibleNow(
            _("Mange skriver hit akkurat nå. Vent noen minutter og send en gang til.")
        )


def posted() -> Any:
    """Text and files of the form, as WTForms wants them."""
    if not request.files:
        return request.form
    from_both = request.form.copy()
    from_both.update(request.files)  # type: ignore[arg-type]
    return from_both


def clean_files(form: Any) -> list[CleanFile]:
    """Return the form's files without their traces. Raises InvalidInput."""
    uploads = [each for each in form.files.data or [] if getattr(each, "filename", "")]
    if len(uploads) > MOST_FILES:
        raise InvalidInput(_("Du kan legge ved høyst %(most)d filer.", most=MOST_FILES), "files")
    return [
        clean_upload(each.stream, each.filename, number) for number, each in enumerate(uploads, 1)
    ]


def prepare_follow_up(code: str, **named: Any) -> None:
    """Give each form of the followed case the code, a key, and field ids of its own."""
    for name, form in named.items():
        form.code.data = code
        form.ensure_key()
        for field in form:
            field.id = f"{name}-{field.short_name}"
            field.label.field_id = field.id
