"""Answers the script that saves a draft while it is written (`static/autosave.js`)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify, make_response, render_template

from intranet.core.clock import OSLO, now
from intranet.core.errors import InvalidInput, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.text import _
from intranet.core.text_checks import check_text


def answer_autosave(
    save: Callable[[], int], told_who: Callable[[], str], text: str | None, *, stops: bool = True
) -> Response:
    """Save, and say when, with advice on the text; or in words why not, with 409 or 422.

    `save` returns the new version, `told_who` who saved in the meantime. `stops`: whether what the
    advice demands keeps the text from going on.
    """
    try:
        version = save()
    except InvalidInput as error:
        return _refused(str(error.message), 422)
    except SomeoneElseWasFirst:
        return _refused(told_who(), 409)
    except NotPossibleNow as error:
        return _refused(str(error.message), 409)
    remarks = check_text(text or "")
    return jsonify(
        saved=_("Lagret kl. %(time)s", time=f"{now().astimezone(OSLO):%H.%M}"),
        version=version,
        remarks=render_template("_components/remarks_part.html", remarks=remarks, stops=stops),
    )


def _refused(message: str, status: int) -> Response:
    return make_response(jsonify(message=message), status)
