"""`/helse`: whether the house is well, for monitoring."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from intranet.jobs.queries import check_health
from intranet.web.access import public

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/helse")
@public
def show_health() -> tuple[Response, int]:
    """Answer JSON with every probe; 503 when one is bad."""
    results = check_health()
    is_good = all(result.is_good for result in results)
    body = {
        "status": "ok" if is_good else "feil",
        **{r.name: {"status": "ok" if r.is_good else "feil", **r.values} for r in results},
    }
    return jsonify(body), 200 if is_good else 503
