"""What the demonstration's files hold: whole documents, readable texts, nothing about real people."""

from __future__ import annotations

import json
import re

import pytest

from intranet.demo.organisation import CONTENT, build_organisation
from intranet.demo.pictures import draw_picture, picture_names
from intranet.demo.procedure_text import ProcedureText, read_procedures
from intranet.demo.story import Outcome, tell_stories
from intranet.news.contents import ALT_LENGTH, LEAD_LENGTH, TITLE_LENGTH

UNITS = {unit.key for unit in build_organisation().units}
SECTIONS = [
    "## Hensikt", "## Gjelder for", "## Ansvar", "## Slik gjør du", "## Ved avvik", "## Referanser",
]  # fmt: skip
PROCEDURES = read_procedures()


def _file(name: str) -> dict[str, list[dict[str, object]]]:
    return json.loads((CONTENT / name).read_text("utf-8"))


def test_there_are_at_least_sixty_procedures_of_several_kinds() -> None:
    assert len(PROCEDURES) >= 60
    assert {text.prefix for text in PROCEDURES} >= {"PRO", "RUT", "RET", "PLA", "SJE", "FUL"}
    assert len({text.title for text in PROCEDURES}) == len(PROCEDURES)


@pytest.mark.parametrize("text", PROCEDURES, ids=lambda text: text.slug)
def test_a_procedure_is_whole_and_belongs_to_units_that_exist(text: ProcedureText) -> None:
    found = [line for line in text.body.splitlines() if line.startswith("## ")]
    assert found == SECTIONS
    assert 250 <= len(text.body.split()) <= 600
    assert {text.unit_key, *text.valid_for} <= UNITS
    assert text.review_months in (12, 24)
    assert re.search(r"§ \d|artikkel \d|forskrift", text.body.split("## Referanser")[1])


def test_no_text_holds_a_number_that_could_be_somebodys_identity_or_telephone() -> None:
    known = {"22 59 13 00"}  # The public poison information line.
    for path in CONTENT.rglob("*.*"):
        if path.name == "organisation.json":
            continue
        text = path.read_text("utf-8")
        assert not re.search(r"\b\d{11}\b|\b\d{6} \d{5}\b", text), path.name
        assert set(re.findall(r"\b[2-9]\d(?: \d\d){3}\b", text)) <= known, path.name


def test_there_are_forty_articles_that_fit_the_form() -> None:
    articles = _file("news.json")["articles"]
    assert len(articles) == 40
    for row in articles:
        assert len(str(row["title"])) <= TITLE_LENGTH
        assert len(str(row["lead"])) <= LEAD_LENGTH
        assert {row["unit"], *row.get("targets", [])} <= UNITS
        assert ("picture" in row) == bool(row.get("picture_alt"))
        assert len(str(row.get("picture_alt", ""))) <= ALT_LENGTH
    pictures = {row["picture"] for row in articles if "picture" in row}
    assert 6 <= len(pictures) <= 8
    assert pictures <= picture_names()


def test_every_picture_can_be_drawn() -> None:
    assert all(draw_picture(name).startswith(b"\x89PNG") for name in picture_names())


def test_there_are_twelve_vacancies_and_some_are_past_their_deadline() -> None:
    vacancies = _file("vacancies.json")["vacancies"]
    days = [int(str(row["deadline_in_days"])) for row in vacancies]
    assert len(vacancies) == 12
    assert 0 < sum(day < 0 for day in days) < 6
    for row, day in zip(vacancies, days, strict=True):
        assert row["unit"] in UNITS
        assert -int(str(row["published_days_ago"])) < day


def test_the_year_has_150_different_reports_with_every_fate_and_the_same_each_time() -> None:
    stories = tell_stories()
    assert len(stories) == 150
    assert len({story.what for story in stories}) == 150
    assert {story.outcome for story in stories} == set(Outcome)
    assert {story.unit_key for story in stories} <= UNITS
    assert max(story.age for story in stories) < 366
    assert stories == tell_stories()


def test_no_report_names_an_invented_person() -> None:
    names = {person.name for person in build_organisation().persons}
    texts = " ".join(story.what for story in tell_stories())
    assert not [name for name in names if name in texts]
