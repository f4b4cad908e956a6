"""Announces the invented vacancies as HR would; some deadlines have passed."""

from __future__ import annotations

import json
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from intranet.core.clock import end_of_day, oslo_moment, stopped_at, today
from intranet.demo.actions.cast import Cast
from intranet.demo.organisation import CONTENT
from intranet.vacancies.actions import publish_vacancy, write_vacancy
from intranet.vacancies.contents import Terms, VacancyContents

_APPLY = "Søk på https://havnsund.kommune.example/jobb"


def seed_vacancies(cast: Cast) -> int:
    """Publish all vacancies at their moments; returns how many."""
    rows = json.loads((CONTENT / "vacancies.json").read_text("utf-8"))["vacancies"]
    adviser_id = cast.account("hr")
    day = today()
    for row in sorted(rows, key=lambda row: -int(row["published_days_ago"])):
        announced = oslo_moment(day - timedelta(days=row["published_days_ago"]), time(8, 30))
        contents = _contents(row, cast)
        with stopped_at(announced):
            adviser = cast.viewer(adviser_id)
            vacancy = write_vacancy(contents, actor=adviser)
            publish_vacancy(vacancy, actor=adviser)
    return len(rows)


def _contents(row: dict[str, Any], cast: Cast) -> VacancyContents:
    return VacancyContents(
        title=row["title"],
        unit_id=cast.unit_ids[row["unit"]],
        percentage=Decimal(row["percentage"]),
        terms=Terms(row["terms"]),
        workplace=row["workplace"],
        body=row["body"],
        how_to_apply=_APPLY,
        deadline_at=end_of_day(today() + timedelta(days=row["deadline_in_days"])),
        duration=row["duration"],
        salary=row["salary"],
        requirements=row["requirements"],
        contact_id=cast.leader_of(row["unit"]),
        is_public=row["is_public"],
    )
