"""Writing a report where there is no network: saving while typing, and what the phone keeps.

What is written without network lies encrypted on the device. The key comes from here, belongs to
one person, and is given out for 24 hours: another person who logs in on the same phone gets another
key, and reads nothing. `static/report.js` does the rest.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Any, cast

from flask import Response, current_app, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadData, URLSafeSerializer

from intranet.core.actor import Viewer
from intranet.core.clock import OSLO, now
from intranet.deviations.queries.settings import load_categories
from intranet.deviations.report_forms import ReportDeviationForm, report_form_class
from intranet.deviations.views.blueprint import blueprint
from intranet.deviations.views.report import keep_draft, unit_options
from intranet.web.access import current_viewer, requires
from intranet.web.template_globals import asset

KEPT_SECONDS = 24 * 3600
# What the form without network is made of.
_FILES = (
    "app.css",
    "app.js",
    "report.js",
    "icons.svg",
    "logo.svg",
    "inter-latin.woff2",
    "inter-latin-ext.woff2",
)


@blueprint.post("/avvik/utkast")
@requires()
def save_draft() -> Response:
    """Save what is in the form while it is being written; answers with the time."""
    form = report_form_class(load_categories(), ReportDeviationForm)()
    keep_draft(form, current_viewer())
    return jsonify(saved=f"{now().astimezone(OSLO):%H.%M}")


@blueprint.get("/avvik/nokkel")
@requires()
def give_key() -> tuple[Response, int]:
    """Give the key of what lies on this device, or of what will; and a token to send with."""
    viewer = current_viewer()
    wanted = request.args.get("id", "")
    if wanted and not _is_current(wanted):
        return jsonify(error="expired"), 410
    key_id = wanted or _signer().dumps([int(now().timestamp()), secrets.token_urlsafe(9)])
    return jsonify(
        id=key_id,
        key=_key_of(viewer, str(key_id)),
        owner=_tag_of(viewer),
        name=viewer.name,
        token=generate_csrf(),
    ), 200


@blueprint.get("/avvik/uten-nett")
@requires()
def show_offline_form() -> str:
    """Show the empty form that the device keeps for when there is no network. Names nobody."""
    form = ReportDeviationForm(formdata=None)
    form.unit_id.choices = unit_options()
    return render_template("deviations/show_offline_form.html", form=form)


@blueprint.get("/avvik/sw.js")
@requires()
def service_worker() -> Response:
    """Send the service worker, which keeps that form and nothing else."""
    files = [asset(name) for name in _FILES]
    shell = url_for("deviations.show_offline_form")
    version = hashlib.sha256("".join(files).encode()).hexdigest()[:12]
    script = render_template(
        "deviations/service_worker.js",
        version=version,
        shell=shell,
        files=files,
        page=url_for("deviations.report_deviation"),
    )
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _is_current(key_id: str) -> bool:
    try:
        issued, _nonce = _signer().loads(key_id)
    except (BadData, TypeError, ValueError):
        return False
    return bool(abs(int(now().timestamp()) - issued) < KEPT_SECONDS)


def _key_of(viewer: Viewer, key_id: str) -> str:
    return base64.b64encode(_digest(f"device-draft|{viewer.id}|{key_id}")).decode()


def _tag_of(viewer: Viewer) -> str:
    """Return a name for the person's copies that says nothing to anybody else."""
    return _digest(f"device-owner|{viewer.id}").hex()[:16]


def _digest(text: str) -> bytes:
    secret = cast("Any", current_app.secret_key)
    return hmac.digest(
        secret.encode() if isinstance(secret, str) else secret, text.encode(), "sha256"
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(cast("Any", current_app.secret_key), salt="device-draft")
