"""Vacancies for the tests, valid by default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from intranet.core.clock import now
from intranet.core.transaction import transaction
from intranet.vacancies import actions
from intranet.vacancies.contents import Terms, VacancyContents
from tests import cast

MakeVacancy = Callable[..., int]


@pytest.fixture
def make_vacancy(app: Flask, people: cast.Cast) -> MakeVacancy:
    """Return a function that commits a vacancy by HR, open for ten days, and returns its id.

    `published` False leaves a draft; `withdrawn` takes it back; others replace the contents' own.
    """

    def make(published: bool = True, withdrawn: bool = False, **changes: Any) -> int:
        contents = VacancyContents(
            **{
                "title": "Sykepleier, natt",
                "unit_id": people.strandheim,
                "percentage": Decimal("80"),
                "terms": Terms.PERMANENT,
                "workplace": "Strandheim",
                "body": "Du har ansvar for **to avdelinger**.",
                "how_to_apply": "Send søknad til hr@havnsund.kommune.example",
                "deadline_at": now() + timedelta(days=10),
                "contact_id": people.mona,
                **changes,
            }
        )
        with app.app_context(), transaction():
            hanne = cast.viewer(people.hanne)
            vacancy = actions.write_vacancy(contents, actor=hanne)
            if published:
                actions.publish_vacancy(vacancy, actor=hanne)
            if withdrawn:
                actions.withdraw_vacancy(vacancy, actor=hanne)
            return vacancy.id

    return make
