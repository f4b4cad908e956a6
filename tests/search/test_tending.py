"""Words of one meaning and fastened answers: they hold from the next search on, for those who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from intranet.audit.models import AuditEntry
from intranet.core.actor import Role, Viewer
from intranet.core.errors import InvalidInput, NotAllowed
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.search import indexing, queries, tended
from intranet.search.entry import Kind
from intranet.search.tending import WordsProblem, question_key, read_words
from intranet.search.tending_actions import add_synonyms, pin_answer, remove_synonyms
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.search.fake_source import FakeSource, make_entry

LogIn = Callable[[int], Browser]
ANSWER = "//section[contains(@class,'answer')]"


@pytest.fixture
def indexed(app: Flask, source: FakeSource, people: Cast) -> Cast:
    source.put(make_entry("nyhet/1", "Nye uniformer på lageret"))
    source.put(make_entry("nyhet/2", "Kantina er åpen"))
    ward = (f"unit:{people.ward}",)
    source.put(make_entry("library/PRO-7", "Vaskeri", kind=Kind.PROCEDURE, audience=ward))
    with app.app_context():
        indexing.rebuild()
        db.session.remove()
    return people


def keys(viewer: Viewer, text: str) -> list[str]:
    return [hit.key for hit in queries.find_hits(viewer, text).hits]


def keeper_of_the_ward(people: Cast) -> Viewer:
    """An administrator who belongs to the ward, and so sees what is the ward's own."""
    roles = frozenset({(Role.ADMINISTRATOR, None)})
    return Viewer(
        id=people.adam, name="Adam", roles=roles, unit_ancestor_ids=frozenset({people.ward})
    )


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("uniform", WordsProblem.TOO_FEW),
        (", ,", WordsProblem.TOO_FEW),
        (",".join(f"ord{n}" for n in range(9)), WordsProblem.TOO_MANY),
        ("uniform, og", WordsProblem.MEANS_NOTHING),
        ("uniform, " + "x" * 61, WordsProblem.TOO_LONG),
        ("uniform, uniformen", WordsProblem.ONE_WORD_TWICE),
    ],
)
def test_words_that_cannot_mean_the_same_are_refused(typed: str, problem: WordsProblem) -> None:
    assert read_words(typed).problem is problem


@given(st.text(max_size=300))
def test_no_typed_words_raise(text: str) -> None:
    read_words(text)
    assert len(question_key(text)) <= 200


def test_a_question_is_known_in_any_order_and_form() -> None:
    key = question_key("Hvordan melder jeg avvik?")
    assert key
    assert key == question_key("avvik melde") == question_key("MELDE AVVIKET")
    assert key != question_key("lukke avvik")
    assert question_key("🙂") == ""


def test_words_find_one_another_from_the_next_search_on_until_removed(
    context: Flask, indexed: Cast
) -> None:
    tor, adam = cast.viewer(indexed.tor), cast.viewer(indexed.adam)
    assert keys(tor, "arbeidstøy") == []
    with transaction():
        group = add_synonyms("Arbeidstøy,  uniform", actor=adam).id
    assert keys(tor, "arbeidstøy") == ["nyhet/1"]
    assert "<mark>" in queries.find_hits(tor, "arbeidstøy").hits[0].title
    assert queries.find_keys(tor.audience, "arbeidstøy") == ["nyhet/1"]
    with transaction():
        remove_synonyms(tended.get_group(group), actor=adam)
    assert keys(tor, "arbeidstøy") == []
    events = [row.event for row in db.session.query(AuditEntry).order_by(AuditEntry.sequence)]
    assert [one for one in events if "synonym" in one] == [
        "search_synonym.added",
        "search_synonym.removed",
    ]


def test_who_does_not_tend_the_search_changes_nothing(context: Flask, indexed: Cast) -> None:
    for person in (indexed.tor, indexed.mona, indexed.eva):
        with pytest.raises(NotAllowed), transaction():
            add_synonyms("arbeidstøy, uniform", actor=cast.viewer(person))
        with pytest.raises(NotAllowed), transaction():
            pin_answer("vask", "nyhet/1", actor=cast.viewer(person))
    # An adviser of one unit is none for the search of all.
    local = Viewer(id=indexed.tor, name="Tor", roles=frozenset({(Role.QUALITY_ADVISER, 3)}))
    with pytest.raises(NotAllowed), transaction():
        add_synonyms("arbeidstøy, uniform", actor=local)


def test_a_fastened_answer_stands_first_and_says_so(indexed: Cast, log_in: LogIn) -> None:
    kari, tor = log_in(indexed.kari), log_in(indexed.tor)
    page = kari.get("/sok/festede/ny?q=hvor+er+maten&finn=kantina")
    (form,) = page.find("//form[.//button[contains(.,'Fest dette')]]")
    fields = {name: value or "" for name, value in form.form_values()}
    assert "Svaret er festet." in kari.post("/sok/festede/ny", fields).text
    (answer,) = tor.get("/sok?q=maten").find(ANSWER)
    assert " ".join(answer.text_content().split()) == "Festet svar Nyhet Kantina er åpen"
    for other in ("q=kantina", "q=maten&type=nyhet", "q=maten&side=2", "q=maten+hjem"):
        assert tor.get(f"/sok?{other}").find(ANSWER) == []


def test_a_page_is_fastened_by_its_address_for_those_whom_it_lets_in(
    context: Flask, indexed: Cast
) -> None:
    adam, tor = cast.viewer(indexed.adam), cast.viewer(indexed.tor)
    with transaction():
        pin_answer("melde avvik", "/avvik/meld", "Meld avvik", actor=adam)
        pin_answer("melde avvik", "/administrasjon", "Administrasjon", actor=adam)
    assert [one.url for one in queries.find_hits(tor, "avvik meldes").pinned] == ["/avvik/meld"]
    assert len(queries.find_hits(adam, "avvik meldes").pinned) == 2


@pytest.mark.parametrize(
    "target",
    ["/finnes-ikke", "/avvik/202600001", "//evil.example", "https://evil.example/", "nyhet/99",
     "javascript:alert(1)", "/\\evil", "library/PRO-7"],
)  # fmt: skip
def test_what_is_no_page_or_entry_that_one_sees_cannot_be_fastened(
    context: Flask, indexed: Cast, target: str
) -> None:
    with pytest.raises(InvalidInput), transaction():
        pin_answer("vask", target, actor=cast.viewer(indexed.adam))


def test_the_same_twice_and_too_many_are_refused(context: Flask, indexed: Cast) -> None:
    adam = cast.viewer(indexed.adam)
    for target in ("nyhet/1", "nyhet/2", "/avvik/meld"):
        with transaction():
            pin_answer("vask", target, actor=adam)
        with pytest.raises(InvalidInput), transaction():
            pin_answer("vasken", target, actor=adam)
    with pytest.raises(InvalidInput), transaction():
        pin_answer("vask", "/stillinger", actor=adam)
    with transaction():
        add_synonyms("sko, støvler", actor=adam)
    with pytest.raises(InvalidInput), transaction():
        add_synonyms("sko,støvler", actor=adam)


def test_a_fastened_answer_leaves_no_trace_for_those_who_may_not_see_it(
    context: Flask, indexed: Cast
) -> None:
    """AZ-14: two worlds, one with a hidden answer fastened."""
    tor, ingrid = cast.viewer(indexed.tor), cast.viewer(indexed.ingrid)
    without = queries.find_hits(tor, "skitne klær")
    with transaction():
        pin_answer("skitne klær", "library/PRO-7", actor=keeper_of_the_ward(indexed))
    assert queries.find_hits(tor, "skitne klær") == without
    (pinned,) = queries.find_hits(ingrid, "skitne klær").pinned
    assert pinned.title == "Vaskeri"


def test_the_list_says_what_is_gone_and_names_nothing_hidden(
    app: Flask, indexed: Cast, source: FakeSource, log_in: LogIn
) -> None:
    with app.app_context(), transaction():
        pin_answer("skitne klær", "library/PRO-7", actor=keeper_of_the_ward(indexed))
        pin_answer("lager", "nyhet/1", actor=keeper_of_the_ward(indexed))
    source.held.pop("nyhet/1")
    kari = log_in(indexed.kari)
    page = kari.get("/sok/festede")
    assert page.text.count("Svaret finnes ikke lenger") == 1
    assert page.text.count("Du har ikke tilgang til svaret.") == 1
    assert "Vaskeri" not in page.source
    for action in page.find("//main//li//form/@action"):
        kari.post(action)
    assert "Ingen svar er festet" in kari.get("/sok/festede").text


def test_a_question_without_an_answer_leads_to_both_remedies(indexed: Cast, log_in: LogIn) -> None:
    log_in(indexed.tor).get("/sok?q=sykkelparkering")
    kari = log_in(indexed.kari)
    page = kari.get("/sok/sporsmal")
    (synonym,) = [url for url in page.links() if url.startswith("/sok/synonymer?ord=")]
    (pin,) = [url for url in page.links() if url.startswith("/sok/festede/ny?q=")]
    assert kari.get(synonym).find("//textarea[@name='words']")[0].text.strip() == "sykkelparkering"
    assert kari.get(pin).find("//input[@id='pin-question']/@value") == ["sykkelparkering"]
    refused = kari.post("/sok/synonymer", {"words": "sykkelparkering"})
    assert (refused.status, "minst to ord" in refused.text) == (422, True)
    added = kari.post("/sok/synonymer", {"words": "sykkelparkering, kantina"})
    assert "Fra nå av finner disse hverandre" in added.text
    assert log_in(indexed.tor).get("/sok?q=sykkelparkering").heading.startswith("1 treff")
