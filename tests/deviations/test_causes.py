"""Causes of a case: chosen by the handler, kept in their words, counted and sought."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from intranet.audit.models import AuditEntry
from intranet.core.errors import InvalidInput, NotAllowed, NotPossibleNow, SomeoneElseWasFirst
from intranet.core.transaction import transaction
from intranet.deviations.actions import ending, handle, judge
from intranet.deviations.actions import settings as setting_actions
from intranet.deviations.actions.anonymous import report_anonymously
from intranet.deviations.actions.causes import set_causes
from intranet.deviations.models import Deviation, DeviationCause, DeviationEntry
from intranet.deviations.queries.causes import count_by_cause, list_chosen
from intranet.deviations.queries.copies import load_case_copy
from intranet.deviations.words import event_words
from intranet.extensions import db
from tests import cast
from tests.browser import Browser
from tests.deviations.factories import case_for, do, make_report, report
from tests.deviations.test_desk import made, shown

LogIn = Callable[[int], Browser]
SHIFT, NEW, TRAINING = "kommunikasjon-vaktskifte", "bemanning-ny", "opplaering"


def ids(*keys: str) -> list[int]:
    rows = db.session.execute(select(DeviationCause.key, DeviationCause.id)).all()
    known = {row.key: row.id for row in rows}
    return [known[key] for key in keys]


def row_of(number: int) -> Deviation:
    return db.session.execute(select(Deviation).where(Deviation.number == number)).scalar_one()


def chosen(number: int) -> list[str]:
    return [cause.key for cause in list_chosen(row_of(number).id)]


def end_cause(people: cast.Cast, key: str) -> None:
    """Let the administrator take the cause out of use, under another name."""
    with transaction():
        row = db.session.execute(
            select(DeviationCause).where(DeviationCause.key == key)
        ).scalar_one()
        values = {
            "name_nb": "Nytt navn",
            "name_nn": "Nytt namn",
            "name_en": "New name",
            "parent_id": row.parent_id,
            "position": row.position,
            "is_active": False,
        }
        setting_actions.change_cause(
            row, values, version=row.version, actor=cast.viewer(people.adam)
        )


def test_the_handler_chooses_several_with_a_note_that_story_and_audit_keep(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim)
    do(people.mona, number, set_causes, ids(SHIFT, NEW), "Vakta visste ikke om sengehesten.")
    assert chosen(number) == [NEW, SHIFT]
    do(people.mona, number, set_causes, ids(SHIFT), "Vakta visste ikke om sengehesten.")
    assert chosen(number) == [SHIFT]
    entries = db.session.scalars(
        select(DeviationEntry).where(DeviationEntry.code == "set_causes").order_by("id")
    ).all()
    assert event_words(entries[0].code, entries[0].params) == (
        "satte årsak: Ny eller vikar uten oppfølging, Ved vaktskifte eller overføring"
    )
    assert [entry.text for entry in entries] == ["Vakta visste ikke om sengehesten.", ""]
    assert not any(entry.is_public for entry in entries)
    trail = db.session.scalars(
        select(AuditEntry.details)
        .where(AuditEntry.event == "deviation.causes_set")
        .order_by(AuditEntry.sequence)
    ).all()
    assert [json.loads(each)["causes_before"] for each in trail] == [[], [NEW, SHIFT]]
    assert [json.loads(each)["causes_after"] for each in trail] == [[NEW, SHIFT], [SHIFT]]
    assert not any("sengehest" in each for each in trail)
    do(people.mona, number, set_causes, [], "")
    assert chosen(number) == []
    assert row_of(number).cause_note == ""


def test_only_the_handler_may_and_only_while_the_case_is_open(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim)
    for person in (people.ingrid, people.kaja, people.kari):
        with pytest.raises(NotAllowed):
            do(person, number, set_causes, ids(SHIFT))
    with pytest.raises(SomeoneElseWasFirst):
        do(people.mona, number, set_causes, ids(SHIFT), version=99)
    do(people.mona, number, handle.acknowledge_deviation)
    do(people.mona, number, ending.close_deviation, "Takk, gulvet er tørket.")
    with pytest.raises(NotPossibleNow):
        do(people.mona, number, set_causes, ids(SHIFT))
    assert chosen(number) == []


def test_what_is_unknown_or_unchanged_is_refused(context: Flask, people: cast.Cast) -> None:
    number = report(people.ingrid, people.strandheim)
    for wanted in ([999_999], []):
        with pytest.raises(InvalidInput):
            do(people.mona, number, set_causes, wanted)
    do(people.mona, number, set_causes, ids(SHIFT))
    with pytest.raises(InvalidInput):
        do(people.mona, number, set_causes, ids(SHIFT))


def test_an_old_case_keeps_a_cause_that_was_taken_out_of_use_and_a_new_one_cannot_get_it(
    context: Flask, people: cast.Cast
) -> None:
    old, new = [report(people.ingrid, people.strandheim) for _n in range(2)]
    do(people.mona, old, set_causes, ids(TRAINING))
    end_cause(people, TRAINING)
    with pytest.raises(InvalidInput):
        do(people.mona, new, set_causes, ids(TRAINING))
    with pytest.raises(InvalidInput):
        # Below a cause that is out of use, none is in use.
        do(people.mona, new, set_causes, ids("opplaering-mangler"))
    do(people.mona, old, set_causes, ids(TRAINING, SHIFT), "Begge deler.")
    kept = {cause.key: cause.words["nb"] for cause in list_chosen(row_of(old).id)}
    assert kept[TRAINING] == "Opplæring og kompetanse"


def test_causes_go_out_with_the_case_and_can_be_withheld_but_not_to_the_reporter(
    context: Flask, people: cast.Cast
) -> None:
    number = report(people.ingrid, people.strandheim)
    do(people.mona, number, set_causes, ids(SHIFT), "Ingen overlapp.")
    copy = load_case_copy(*case_for(people.mona, number))
    part = next(part for part in copy.parts if part.key == "causes")
    assert part.text == "Ved vaktskifte eller overføring\nIngen overlapp."
    [cause] = copy.data["causes"]
    assert (cause["key"], copy.data["cause_note"]) == (SHIFT, "Ingen overlapp.")
    own = load_case_copy(*case_for(people.ingrid, number))
    assert "causes" not in {part.key for part in own.parts}
    assert (own.data["causes"], own.data["cause_note"]) == ([], "")
    assert "overlapp" not in json.dumps(own.data)


def test_an_anonymous_case_has_causes_too(context: Flask, people: cast.Cast) -> None:
    with transaction():
        number = report_anonymously(make_report(people.strandheim)).number
    do(people.mona, number, set_causes, ids(SHIFT))
    assert chosen(number) == [SHIFT]


def test_the_overview_counts_each_case_once_below_its_top_cause_and_only_visible_cases(
    context: Flask, people: cast.Cast
) -> None:
    home = report(people.ingrid, people.strandheim)
    do(people.mona, home, set_causes, ids("bemanning", NEW, "bemanning-tid", SHIFT))
    school = report(people.tor, people.school)
    do(people.rita, school, set_causes, ids(NEW))
    found = {each.cause.key: each.cases for each in count_by_cause(cast.viewer(people.ragnhild))}
    assert found == {"bemanning": 2, "kommunikasjon": 1}
    found = {each.cause.key: each.cases for each in count_by_cause(cast.viewer(people.kaja))}
    assert found == {"bemanning": 1, "kommunikasjon": 1}
    do(people.mona, home, judge.set_confidential, "En konflikt.", is_confidential=True)
    found = {each.cause.key: each.cases for each in count_by_cause(cast.viewer(people.kari))}
    assert found == {"bemanning": 1}


def send(fields: dict[str, Any], *causes: int, **texts: str) -> MultiDict[str, Any]:
    """What the form sends when these boxes are ticked."""
    data: MultiDict[str, Any] = MultiDict({**fields, **texts})
    data.setlist("causes", [str(cause) for cause in causes])
    return data


def test_the_case_page_offers_shows_and_changes_them(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    with app.app_context():
        shift, new = ids(SHIFT, NEW)
    base, mona = f"/avvik/{number}", log_in(people.mona)
    url = f"{base}/arsaker"
    page = mona.get(base)
    assert page.find(f"//form[@action='{url}']//details//input[@value='{shift}']")
    held = mona.post(url, send(page.form(url), shift, cause_note="Ring 91 23 45 67."))
    assert held.status == 422
    assert held.find(f"//form[@action='{url}']//input[@value='{shift}'][@checked]")
    page = mona.post(url, send(page.form(url), shift, new, cause_note="For kort overlapp."))
    assert "Ved vaktskifte eller overføring" in page.find("//*[@id='causes']")[0].text_content()
    assert "For kort overlapp." in page.find("//*[@id='causes']")[0].text_content()
    assert page.find(f"//form[@action='{url}']//input[@value='{shift}'][@checked]")
    assert "For kort overlapp." in log_in(people.kaja).get(base).text
    assert "overlapp" not in log_in(people.ingrid).get(base).text
    assert log_in(people.tor).post(url, page.form(url)).status == 404
    assert mona.post(url, {**page.form(url), "version": "1"}).status == 409


def test_closing_asks_for_the_cause_only_where_nobody_has_said_it(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    first, second = [made(app, people.ingrid, people.strandheim) for _n in range(2)]
    with app.app_context():
        [shift] = ids(SHIFT)
        for number in (first, second):
            do(people.mona, number, handle.acknowledge_deviation)
        do(people.mona, second, set_causes, [shift])
        db.session.remove()
    mona = log_in(people.mona)
    url = f"/avvik/{first}/lukk"
    page = mona.get(f"/avvik/{first}")
    page = mona.post(url, send(page.form(url), shift, answer="Takk, vi har rettet det."))
    assert "Lukket" in page.text
    url = f"/avvik/{second}/lukk"
    page = mona.get(f"/avvik/{second}")
    assert not page.find(f"//form[@action='{url}']//input[@name='causes']")
    assert "Lukket" in mona.post(url, {**page.form(url), "answer": "Takk."}).text
    with app.app_context():
        assert chosen(first) == chosen(second) == [SHIFT]


def test_a_refused_closing_keeps_the_ticks_and_chooses_nothing(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    number = made(app, people.ingrid, people.strandheim)
    with app.app_context():
        [shift] = ids(SHIFT)
        do(people.mona, number, handle.acknowledge_deviation)
        db.session.remove()
    mona, url = log_in(people.mona), f"/avvik/{number}/lukk"
    page = mona.post(url, send(mona.get(f"/avvik/{number}").form(url), shift, answer=""))
    assert page.status == 422
    assert page.find(f"//form[@action='{url}']//input[@value='{shift}'][@checked]")
    with app.app_context():
        assert chosen(number) == []


def test_the_desk_finds_cases_by_a_cause_or_what_stands_above_it(
    app: Flask, people: cast.Cast, log_in: LogIn
) -> None:
    with_it, without = [made(app, people.ingrid, people.strandheim) for _n in range(2)]
    with app.app_context():
        new, above = ids(NEW, "bemanning")
        do(people.mona, with_it, set_causes, [new])
        db.session.remove()
    mona = log_in(people.mona)
    for cause in (new, above):
        page = mona.get(f"/avvik?arsak={cause}")
        assert shown(page) == [with_it]
        assert "1 avvik passer med filtrene." in page.text
    assert set(shown(mona.get("/avvik?arsak=999999"))) == {with_it, without}
    overview = log_in(people.ragnhild).get("/avvik/kommunen")
    assert f"/avvik?visning=alle&arsak={above}" in overview.links()
