"""Categories, questions, deadlines, copies and causes on the administrator's pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.audit.models import AuditEntry
from intranet.core.clock import OSLO
from intranet.core.errors import NotAllowed
from intranet.deviations.actions import settings as actions
from intranet.deviations.models import (
    CopyRule,
    DeadlineSetting,
    Deviation,
    DeviationCategory,
    DeviationCause,
    DeviationCopy,
    DeviationQuestion,
)
from intranet.deviations.severity import Severity
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import report

LogIn = Callable[[int], Browser]
ROOM = "/administrasjon/avvik"


def one(app: Flask, table: Any, **where: Any) -> dict[str, Any]:
    """The columns of the one row, read anew."""
    with app.app_context():
        row = db.session.scalars(select(table).filter_by(**where)).one()
        found = {column.name: getattr(row, column.name) for column in table.__table__.columns}
        db.session.remove()
    return found


def category(app: Flask, key: str) -> dict[str, Any]:
    return one(app, DeviationCategory, key=key)


def question(app: Flask, owner: int, key: str) -> dict[str, Any]:
    return one(app, DeviationQuestion, category_id=owner, key=key)


def addresses(app: Flask) -> dict[str, bool]:
    """Every page of settings, and whether it changes something."""
    patient = category(app, "patient")["id"]
    first = question(app, patient, "lasting")["id"]
    rule = one(app, CopyRule, category="privacy")["id"]
    cause = one(app, DeviationCause, key="annet")["id"]
    return {
        "/administrasjon": False,
        f"{ROOM}/typer": False,
        f"{ROOM}/typer/{patient}": False,
        f"{ROOM}/frister": False,
        f"{ROOM}/kopi": False,
        f"{ROOM}/arsaker": False,
        f"{ROOM}/typer/ny": True,
        f"{ROOM}/typer/{patient}/rediger": True,
        f"{ROOM}/typer/{patient}/sporsmal/ny": True,
        f"{ROOM}/typer/{patient}/sporsmal/{first}": True,
        f"{ROOM}/frister/0": True,
        f"{ROOM}/kopi/ny": True,
        f"{ROOM}/kopi/{rule}": True,
        f"{ROOM}/arsaker/ny": True,
        f"{ROOM}/arsaker/{cause}": True,
    }


def test_each_page_opens_for_the_administrator_and_for_nobody_else_to_change(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    adam, kari, mona = log_in(people.adam), log_in(people.kari), log_in(people.mona)
    for address, changes in addresses(app).items():
        page = adam.get(address)
        assert page.status == 200, address
        assert "%(" not in page.text
        assert kari.get(address).status == (403 if changes else 200), address
        assert mona.get(address).status == 403, address
        if changes:
            assert kari.post(address, {}).status == 403, address
            assert mona.post(address, {}).status == 403, address
    for reader in (kari.get(f"{ROOM}/typer"), kari.get(f"{ROOM}/kopi")):
        assert not [link for link in reader.links() if link.endswith(("/ny", "/rediger"))]


def test_the_actions_refuse_whoever_comes_past_the_pages(context: Flask, people: cast.Cast) -> None:
    row = db.session.scalars(select(DeadlineSetting)).first()
    assert row is not None
    for person in (people.kari, people.mona, people.ragnhild):
        with pytest.raises(NotAllowed):
            actions.change_deadline(row, {"close": 1}, version=1, actor=cast.viewer(person))


def test_the_menu_leads_to_the_pages_only_those_who_may_open_them(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    page = log_in(people.adam).get("/")
    assert "/administrasjon" in page.links()
    assert "/administrasjon" not in log_in(people.mona).get("/").links()
    page = log_in(people.adam).get("/administrasjon")
    for address in (f"{ROOM}/typer", f"{ROOM}/frister", f"{ROOM}/kopi", f"{ROOM}/klokker"):
        assert address in page.links()
    assert "Åpne avvik uten ansvarlig" in page.text
    page = log_in(people.kari).get("/administrasjon")
    assert f"{ROOM}/typer" in page.links()
    assert f"{ROOM}/klokker" not in page.links()
    assert "Åpne avvik uten ansvarlig" not in page.text


def test_what_is_not_there_is_not_found(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    adam = log_in(people.adam)
    child = question(app, category(app, "child")["id"], "lasting")["id"]
    patient = category(app, "patient")["id"]
    for address in (
        f"typer/{2**31}",
        "typer/9999/rediger",
        f"typer/{patient}/sporsmal/{child}",
        "frister/4",
        "kopi/9999",
        "arsaker/9999",
    ):
        assert adam.get(f"{ROOM}/{address}").status == 404, address
        assert adam.post(f"{ROOM}/{address}", {}).status in (404, 405), address


BAD = [
    ("typer/ny", {"name_nb": "Ny", "name_nn": "", "name_en": "New", "icon": "House"}, "tre språk"),
    ("typer/ny", {"name_nb": "x" * 81, "name_nn": "y", "name_en": "z", "icon": "House"}, "80 tegn"),
    ("typer/ny", {"name_nb": "N", "name_nn": "N", "name_en": "N", "icon": "Skull"}, ""),
    ("frister/0", {"acknowledge": "0", "decide": "2", "close": "3", "climb": "4"}, "1 til 250"),
    ("frister/0", {"acknowledge": "1", "decide": "251", "close": "3", "climb": "4"}, "1 til 250"),
    ("frister/0", {"acknowledge": "1", "decide": "to", "close": "3", "climb": "4"}, ""),
    ("frister/0", {"acknowledge": "9" * 40, "decide": "2", "close": "3", "climb": "4"}, ""),
    ("kopi/ny", {"category": "no-such", "least_rank": "0", "role": "hr", "is_active": "y"}, ""),
    ("kopi/ny", {"category": "staff", "least_rank": "9", "role": "hr", "is_active": "y"}, ""),
    ("kopi/ny", {"category": "staff", "least_rank": "0", "role": "editor", "is_active": "y"}, ""),
    ("arsaker/ny", {"name_nb": "A", "name_nn": "B", "name_en": "", "position": "1"}, "tre språk"),
    ("arsaker/ny", {"name_nb": "A", "name_nn": "B", "name_en": "C", "position": "-1"}, "0 til 999"),
]


@pytest.mark.parametrize(("address", "sent", "words"), BAD)
def test_bad_input_is_refused_and_stands_in_the_form(
    app: Flask, people: cast.Cast, log_in: LogIn, address: str, sent: dict[str, str], words: str
) -> None:
    adam = log_in(people.adam)
    fields = adam.get(f"{ROOM}/{address}").form()
    page = adam.post(f"{ROOM}/{address}", {**fields, **sent})
    assert page.status == 422
    assert words in page.text
    assert page.find("//*[@aria-invalid='true'] | //*[contains(@class, 'error')]")
    for name, value in sent.items():
        if page.find(f"//input[@name='{name}' and (@type='text' or @type='number')]"):
            assert page.form()[name] == value
    with app.app_context():
        assert not db.session.scalars(
            select(AuditEntry).where(AuditEntry.event.startswith("deviation_setting"))
        ).all()


def test_a_new_category_is_taken_into_use_when_it_has_its_questions(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    adam = log_in(people.adam)
    names = {"name_nb": "Ytre miljø", "name_nn": "Ytre miljø", "name_en": "Environment"}
    page = adam.post(f"{ROOM}/typer/ny", {**adam.get(f"{ROOM}/typer/ny").form(), **names})
    assert page.heading == "Ytre miljø"
    made = category(app, "ytre-miljo")
    assert made["is_active"] is False
    assert "Ytre miljø" not in log_in(people.ingrid).get("/avvik/meld").text
    edit = f"{ROOM}/typer/{made['id']}/rediger"
    page = adam.post(edit, {**adam.get(edit).form(), "is_active": "y"})
    assert page.status == 422
    assert "tre eller fire spørsmål i bruk før" in page.text
    add = f"{ROOM}/typer/{made['id']}/sporsmal/ny"
    for number, means in enumerate(("means.3", "means.1", "raises.3", "means.2"), start=1):
        text = {f"text_{language}": f"Spørsmål {number}" for language in ("nb", "nn", "en")}
        page = adam.post(add, {**adam.get(add).form(), **text, "means": means})
        assert page.status == 200, page.text
    page = adam.post(add, {**adam.get(add).form(), **text, "means": "means.1"})
    assert page.status == 422
    assert "høyst fire spørsmål" in page.text
    page = adam.post(edit, {**adam.get(edit).form(), "is_active": "y"})
    assert page.status == 200
    assert "Ytre miljø" in log_in(people.ingrid).get("/avvik/meld").text
    tried = adam.get(f"{ROOM}/typer/{made['id']}?svar=ytre-miljo.q2&svar=ytre-miljo.q3")
    assert "Med disse kryssene blir avviket: Alvorlig" in tried.text
    with app.app_context():
        answers = ["ytre-miljo.q2", "ytre-miljo.q3"]
        number = report(people.ingrid, people.ward, category="ytre-miljo", answers=answers)
        kept = db.session.scalars(select(Deviation).where(Deviation.number == number)).one()
        assert kept.severity == Severity.HIGH
        db.session.remove()


def test_a_category_in_use_keeps_three_questions(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    adam, owner = log_in(people.adam), category(app, "patient")["id"]
    with app.app_context():
        ids = db.session.scalars(
            select(DeviationQuestion.id).where(
                DeviationQuestion.category_id == owner, DeviationQuestion.is_active
            )
        ).all()
        db.session.remove()
    statuses = []
    for each in ids[: len(ids) - 2]:
        address = f"{ROOM}/typer/{owner}/sporsmal/{each}"
        fields = adam.get(address).form()
        fields.pop("is_active")
        page = adam.post(address, fields)
        statuses.append(page.status)
    assert statuses == [200] * (len(ids) - 3) + [422]
    assert "minst tre spørsmål" in page.text


def test_a_category_that_a_copy_rule_names_stays_in_use(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    adam, privacy = log_in(people.adam), category(app, "privacy")
    address = f"{ROOM}/typer/{privacy['id']}/rediger"

    def end() -> Any:
        fields = adam.get(address).form()
        fields.pop("is_active")
        return adam.post(address, fields)

    page = end()
    assert page.status == 422
    assert "En regel for kopi bruker denne typen" in page.text
    assert category(app, "privacy")["is_active"] is True
    rule = f"{ROOM}/kopi/{one(app, CopyRule, category='privacy')['id']}"
    fields = adam.get(rule).form()
    fields.pop("is_active")
    assert adam.post(rule, fields).status == 200
    assert end().status == 200
    assert category(app, "privacy")["is_active"] is False
    # And the rule does not come back for a category that nobody can choose.
    page = adam.post(rule, {**adam.get(rule).form(), "is_active": "y"})
    assert page.status == 422
    assert "ikke i bruk" in page.text


def test_the_second_of_two_administrators_sees_what_the_first_stored(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    first, second = log_in(people.adam), log_in(people.adam)
    address = f"{ROOM}/frister/1"
    early, late = first.get(address).form(), second.get(address).form()
    assert first.post(address, {**early, "close": "44"}).status == 200
    page = second.post(address, {**late, "acknowledge": "17"})
    assert page.status == 409
    assert "Noen andre endret dette" in page.text
    shown = [" ".join(cell.text for cell in row) for row in page.find("//main//tbody/tr")]
    assert f"Dager til å svare og lukke når tiltakene er ferdige 44 {late['close']}" in shown
    assert page.form()["acknowledge"] == "17"
    assert one(app, DeadlineSetting, severity_rank=1)["close"] == 44
    # A third change in between is shown as well before it can be replaced.
    third = first.get(address).form()
    assert first.post(address, {**third, "close": "55"}).status == 200
    again = second.post(address, page.form())
    assert again.status == 409
    assert "55" in again.text
    assert second.post(address, again.form()).status == 200
    stored = one(app, DeadlineSetting, severity_rank=1)
    assert (stored["acknowledge"], stored["close"]) == (17, int(late["close"]))


@pytest.mark.parametrize("kind", ["category", "question", "rule", "cause"])
def test_every_form_holds_back_a_change_on_an_old_page(
    app: Flask, people: cast.Cast, log_in: LogIn, kind: str
) -> None:
    owner = category(app, "staff")["id"]
    address, field, one_value, other = {
        "category": (f"{ROOM}/typer/{owner}/rediger", "name_nb", "Vårt miljø", "Vår dag"),
        "question": (
            f"{ROOM}/typer/{owner}/sporsmal/{question(app, owner, 'lasting')['id']}",
            "means",
            "means.1",
            "raises.3",
        ),
        "rule": (
            f"{ROOM}/kopi/{one(app, CopyRule, category='privacy')['id']}",
            "least_rank",
            "1",
            "2",
        ),
        "cause": (
            f"{ROOM}/arsaker/{one(app, DeviationCause, key='annet')['id']}",
            "name_nb",
            "Ukjent",
            "Andre ting",
        ),
    }[kind]
    shown = {"means.1": "Middels alvorlig", "1": "Middels alvorlig"}.get(one_value, one_value)
    adam = log_in(people.adam)
    early, late = adam.get(address).form(), adam.get(address).form()
    assert adam.post(address, {**early, field: one_value}).status == 200
    page = adam.post(address, {**late, field: other})
    assert page.status == 409
    stored = [cell.text_content() for cell in page.find("//main//tbody/tr/td[2]")]
    assert stored == [shown]
    assert adam.get(address).form()[field] == one_value
    assert page.form()[field] == other


def test_a_sending_without_a_version_changes_nothing(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    adam = log_in(people.adam)
    rule = one(app, CopyRule, category="privacy")
    assert adam.post(f"{ROOM}/kopi/{rule['id']}", {}).status == 409
    fields = adam.get(f"{ROOM}/frister/0").form()
    fields.pop("version")
    assert adam.post(f"{ROOM}/frister/0", {**fields, "close": "99"}).status == 409
    assert adam.post(f"{ROOM}/frister/0", {**fields, "version": "", "close": "99"}).status == 422
    assert one(app, CopyRule, category="privacy") == rule
    assert one(app, DeadlineSetting, severity_rank=0)["close"] != 99


def test_changes_are_audited_with_before_and_after(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    adam = log_in(people.adam)
    address = f"{ROOM}/frister/3"
    before = one(app, DeadlineSetting, severity_rank=3)["decide"]
    fields = adam.get(address).form()
    assert adam.post(address, {**fields, "decide": "9"}).status == 200
    # Saving what stands already is no change.
    assert adam.post(address, adam.get(address).form()).status == 200
    fields = {**adam.get(f"{ROOM}/arsaker/ny").form(), "name_nb": "Ytre årsak"}
    fields.update(name_nn="Ytre årsak", name_en="External cause", parent_id="")
    assert adam.post(f"{ROOM}/arsaker/ny", fields).status == 200
    with app.app_context():
        entries = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.event.startswith("deviation_setting"))
            .order_by(AuditEntry.sequence)
        ).all()
        changed, added = entries
        assert changed.event == "deviation_setting.changed"
        assert (changed.actor_id, changed.subject, changed.subject_id) == (
            people.adam,
            "deviation_deadline",
            "3",
        )
        assert json.loads(changed.details) == {"before": {"decide": before}, "after": {"decide": 9}}
        assert added.event == "deviation_setting.added"
        assert json.loads(added.details)["after"]["name_nb"] == "Ytre årsak"
        db.session.remove()


def test_a_deadline_takes_effect_on_the_next_report_only(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with app.app_context():
        old = report(people.ingrid, people.strandheim, category="patient", answers=[])
        db.session.remove()
    before = one(app, Deviation, number=old)
    adam = log_in(people.adam)
    address = f"{ROOM}/frister/0"
    assert adam.post(address, {**adam.get(address).form(), "acknowledge": "25"}).status == 200
    with app.app_context():
        new = report(people.ingrid, people.strandheim, category="patient", answers=[])
        db.session.remove()
    assert one(app, Deviation, number=old)["due_on"] == before["due_on"]
    after = one(app, Deviation, number=new)
    # Twenty-five working days are at least five weeks; the product's five are never that many.
    reported = after["created_at"].astimezone(OSLO).date()
    assert (after["due_on"] - reported).days >= 35
    assert (before["due_on"] - reported).days < 20


def test_a_copy_rule_takes_effect_on_the_next_report_only(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    def copied(number: int) -> set[int]:
        with app.app_context():
            found = db.session.scalars(
                select(DeviationCopy.person_id)
                .join(Deviation, Deviation.id == DeviationCopy.deviation_id)
                .where(Deviation.number == number)
            ).all()
            db.session.remove()
        return set(found)

    def reported() -> int:
        with app.app_context():
            number = report(people.ingrid, people.strandheim, category="patient", answers=[])
            db.session.remove()
        return number

    adam, old = log_in(people.adam), reported()
    fields = adam.get(f"{ROOM}/kopi/ny").form()
    fields.update(category="patient", least_rank="0", role="hr", is_active="y")
    assert adam.post(f"{ROOM}/kopi/ny", fields).status == 200
    page = adam.post(f"{ROOM}/kopi/ny", fields)
    assert page.status == 422
    assert "Denne regelen finnes fra før." in page.text
    new = reported()
    assert people.hanne not in copied(old)
    assert people.hanne in copied(new)
    rule = f"{ROOM}/kopi/{one(app, CopyRule, category='patient')['id']}"
    fields = adam.get(rule).form()
    fields.pop("is_active")
    assert adam.post(rule, fields).status == 200
    assert people.hanne not in copied(reported())


def test_causes_stand_on_two_levels(app: Flask, people: cast.Cast, log_in: LogIn) -> None:
    adam = log_in(people.adam)
    top, other = (one(app, DeviationCause, key=key)["id"] for key in ("utstyr", "annet"))
    address = f"{ROOM}/arsaker/{top}"
    page = adam.post(address, {**adam.get(address).form(), "parent_id": str(other)})
    assert page.status == 422
    assert "står øverst i lista" in page.text
    address = f"{ROOM}/arsaker/{other}"
    assert adam.post(address, {**adam.get(address).form(), "parent_id": str(other)}).status == 422
    assert adam.post(address, {**adam.get(address).form(), "parent_id": str(top)}).status == 200
    assert one(app, DeviationCause, key="annet")["parent_id"] == top
