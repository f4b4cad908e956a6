"""The macros write complete, linked HTML for every field, with and without errors."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string
from lxml import html
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired

from intranet.web.access import public
from intranet.web.error_pages import PAGES, render_kept_text
from intranet.web.form_fields import field_kind, form_faults
from intranet.web.forms import BaseForm
from intranet.web.style_page import SampleForm

IMPORT = '{% import "_components/ui.html" as ui %}'
CONTROLS = "//input[not(@type='hidden')]|//select|//textarea"


@pytest.fixture
def request_context(app: Flask) -> Iterator[Flask]:
    with app.test_request_context("/"):
        yield app


def render(template: str, **values: Any) -> Any:
    """Return the template's HTML as a tree."""
    return html.fragment_fromstring(
        render_template_string(IMPORT + template, **values), create_parent="div"
    )


def sent(**fields: str) -> SampleForm:
    """Return the sample form as it is after it was sent with the fields, validated."""
    form = SampleForm(MultiDict(fields), meta={"csrf": False})
    form.validate()
    return form


def test_every_control_has_a_label_of_its_own(request_context: Flask) -> None:
    tree = render("{% for f in form %}{{ ui.field(f) }}{% endfor %}", form=SampleForm())
    controls = tree.xpath(CONTROLS)
    assert len(controls) == 21
    for control in controls:
        assert len(tree.xpath("//label[@for=$id]", id=control.get("id"))) == 1, control.get("name")
    for group in tree.xpath("//fieldset"):
        assert group.xpath("string(legend)").strip()


def test_everything_that_describes_a_control_exists(request_context: Flask) -> None:
    form = sent(concerns="nonsense")
    tree = render("{% for f in form %}{{ ui.field(f, hint='Hjelp') }}{% endfor %}", form=form)
    ids = set(tree.xpath("//@id"))
    for described in tree.xpath("//@aria-describedby"):
        assert set(described.split()) <= ids, described
    assert len(ids) == len(tree.xpath("//@id"))


def test_reader_of_a_refused_form_finds_each_fault_at_its_field(request_context: Flask) -> None:
    form = sent(place="1")
    tree = render(
        "{{ ui.error_summary(form) }}{% for f in form %}{{ ui.field(f) }}{% endfor %}", form=form
    )
    targets = tree.xpath("//*[@id='error-summary']//a/@href")
    assert {"#text", "#concerns-0"} <= set(targets)
    for target in targets:
        assert len(tree.xpath("//*[@id=$id]", id=target[1:])) == 1, target
    text = tree.xpath("//input[@id='text']")[0]
    assert text.get("aria-invalid") == "true"
    assert "text-error" in text.get("aria-describedby")
    assert tree.xpath("string(//*[@id='text-error'])") == "Må fylles ut"


def test_what_was_typed_and_chosen_is_still_there_after_a_refusal(request_context: Flask) -> None:
    form = sent(long_text="Gulvet <b>var</b> vått", severity="minor", place="2", agree="y")
    tree = render("{% for f in form %}{{ ui.field(f) }}{% endfor %}", form=form)
    assert tree.xpath("string(//textarea[@id='long_text'])").strip() == "Gulvet <b>var</b> vått"
    assert tree.xpath("//input[@name='severity' and @checked]/@value") == ["minor"]
    assert tree.xpath("//select[@id='place']/option[@selected]/@value") == ["2"]
    assert tree.xpath("//input[@id='agree']/@checked")


def test_required_and_optional_fields_say_so_in_words(request_context: Flask) -> None:
    form = SampleForm()
    tree = render("{{ ui.field(form.text) }}{{ ui.field(form.email) }}", form=form)
    assert "Må fylles ut" in tree.xpath("string(//label[@for='text'])")
    assert "Valgfritt" in tree.xpath("string(//label[@for='email'])")
    bare = render("{{ ui.field(form.email, optional_tag=false) }}", form=form)
    assert "Valgfritt" not in bare.text_content()


def test_faults_with_equal_words_are_told_apart_by_their_labels(request_context: Flask) -> None:
    class Two(BaseForm):
        first = StringField("Hvor?", [InputRequired("Skriv noe")])
        second = StringField("Når?", [InputRequired("Skriv noe")])

    form = Two(MultiDict(), meta={"csrf": False})
    form.validate()
    form.form_errors.append("Saken er lukket.")
    assert [fault.text for fault in form_faults(form)] == [
        "Hvor: Skriv noe",
        "Når: Skriv noe",
        "Saken er lukket.",
    ]


def test_page_with_two_forms_has_no_id_twice(request_context: Flask) -> None:
    tree = render("{{ ui.hidden(a) }}{{ ui.hidden(b) }}", a=SampleForm(), b=SampleForm())
    assert len(tree.xpath("//input[@name='csrf_token' and string-length(@value) > 20]")) == 2
    assert not tree.xpath("//@id")


def test_kind_of_every_field_is_known(request_context: Flask) -> None:
    kinds = {field.name: field_kind(field) for field in SampleForm()}
    assert kinds["csrf_token"] == "hidden"
    assert (kinds["plain"], kinds["many"], kinds["agree"]) == ("radios", "checkboxes", "checkbox")
    assert (kinds["place"], kinds["long_text"], kinds["pictures"]) == ("select", "textarea", "file")


def test_text_from_people_is_escaped_everywhere(request_context: Flask) -> None:
    evil = "<img src=x>"
    entry = SimpleNamespace(who=evil, initials=evil, action=evil, at=None, text=evil, icon="",
                            kind="message", color="")  # fmt: skip
    task = SimpleNamespace(kind=evil, title=evil, url="/", note=evil, due_on=None, icon="Bell",
                           on_behalf_of=evil)  # fmt: skip
    tree = render(
        "{{ ui.timeline([entry]) }}{{ ui.task_list([task]) }}{{ ui.facts([(evil, evil)]) }}"
        "{{ ui.tag(evil) }}{{ ui.person_link(1, evil) }}{{ ui.empty(evil) }}"
        "{{ ui.avatar(evil, '') }}"
        "{{ ui.steps([(evil, evil, 'todo')]) }}{% call ui.card(evil) %}{{ evil }}{% endcall %}",
        entry=entry, task=task, evil=evil,
    )  # fmt: skip
    assert not tree.xpath("//img")


def test_one_button_form_carries_a_token(request_context: Flask) -> None:
    tree = render("{{ ui.confirm_post('/x', 'Kvitter', fields={'step': 'ack'}) }}")
    assert tree.xpath("//form[@method='post' and @action='/x']//input[@name='csrf_token']/@value")
    assert tree.xpath("//input[@name='step']/@value") == ["ack"]
    assert tree.xpath("string(//button[@type='submit'])") == "Kvitter"


def test_card_is_named_by_its_heading(request_context: Flask) -> None:
    tree = render(
        "{% call ui.card('Mine oppgaver', link='/x', link_text='Alle', count=4) %}x{% endcall %}"
    )
    name = tree.xpath("string(//section/@aria-labelledby)")
    assert "Mine oppgaver" in tree.xpath("string(//h2[@id=$id])", id=name)


def test_anybody_can_read_the_accessibility_statement(client: Any) -> None:
    page = client.get("/tilgjengelighet")
    assert page.status == 200
    assert "WCAG" in page.text


def test_page_that_is_not_there_says_what_to_do_and_keeps_the_text(client: Any) -> None:
    page = client.post("/finnes-ikke", {"hva": "En lang tekst"})
    assert page.status == 404
    assert page.heading == "Vi finner ikke siden"
    assert "En lang tekst" in page.find("//textarea")[0].text_content()
    assert page.response.headers["X-Request-Id"] in page.text


def test_building_blocks_are_shown_to_those_logged_in(people: Any, log_in: Any) -> None:
    page = log_in(people.ingrid).get("/stil")
    assert page.status == 200
    assert page.find("//header//a[contains(@href, '/avvik/meld')]"), "report is not one press away"
    assert page.find("//nav[@aria-label='Snarveier']//a")


def test_crash_is_told_with_its_number_and_asks_the_database_nothing(
    app: Flask, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    @public
    def crash() -> str:
        raise RuntimeError("a secret detail")

    monkeypatch.setitem(app.view_functions, "home.show_privacy", crash)
    page = client.get("/personvern")
    assert page.status == 500
    assert page.heading == "Noe gikk galt hos oss"
    assert page.response.headers["X-Request-Id"] in page.text
    assert "secret" not in page.source
    assert page.queries == []


@pytest.mark.parametrize("status", sorted(PAGES))
def test_every_error_page_says_what_to_do(app: Flask, status: int) -> None:
    with app.test_request_context("/"):
        body, answered = render_kept_text(status, "Akkurat dette skjedde.")
    tree = html.document_fromstring(body)
    assert answered == status
    assert len(tree.xpath("//h1")) == 1
    assert "Akkurat dette skjedde." in tree.text_content()
    assert tree.xpath("//main//div[@class='prose']/p")
    assert tree.xpath("//main//a[contains(@class, 'ds-button')]/@href")
