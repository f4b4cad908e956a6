"""Addresses that templates ask for are kept, and are still those that Flask builds."""

from __future__ import annotations

import flask
import pytest
from flask import Flask, render_template_string
from werkzeug.routing import BuildError

from intranet.web.addresses import NumberConverter
from intranet.web.kept_addresses import url_for

NUMBERS = (0, 7, 12_345, 2**31 - 1)


def test_every_address_with_one_number_is_the_one_that_flask_builds(app: Flask) -> None:
    seen = 0
    for rule in app.url_map.iter_rules():
        name = next(iter(rule.arguments), "")
        if len(rule.arguments) != 1 or not isinstance(rule._converters[name], NumberConverter):
            continue
        for root in ("", "/intern", ""):
            with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
                for number in NUMBERS:
                    values = {name: number}
                    assert url_for(rule.endpoint, **values) == flask.url_for(
                        rule.endpoint, **values
                    )
                    seen += 1
    assert seen > 300


def test_a_number_in_the_query_is_kept_too_and_other_values_are_built_each_time(app: Flask) -> None:
    with app.test_request_context("/"):
        for values in ({"enhet": 5}, {"enhet": 6}, {"enhet": -6}, {"enhet": "å"}, {"enhet": None}):
            assert url_for("news.list_articles", **values) == flask.url_for(
                "news.list_articles", **values
            )
        assert url_for("news.list_articles", enhet=6) == "/nyheter?enhet=6"


def test_a_document_number_and_what_comes_after_it_are_put_in_their_places(app: Flask) -> None:
    asked = [
        ("library.show_document", {"number": "PRO-12"}),
        ("library.show_document", {"number": "ÆØ-3"}),
        ("library.show_revision", {"number": "PRO-12", "version": 3}),
        ("library.show_revision", {"version": 4, "number": "RUT-1"}),
        ("library.show_document", {"number": "PRO-7", "q": 5}),
        ("library.list_documents", {"stikkord": "A B&C", "enhet": 5}),
        ("library.list_documents", {"stikkord": "{0}"}),
    ]
    for root in ("", "/intern", ""):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            for endpoint, values in asked:
                assert url_for(endpoint, **values) == flask.url_for(endpoint, **values)


def test_a_page_that_knows_nobody_keeps_its_language_in_its_own_addresses(app: Flask) -> None:
    for language in ("en", "nn"):
        with app.test_request_context(f"/varsling?sprak={language}"):
            shown = render_template_string("{{ url_for('varsling.show_guide', side=3) }}")
            assert f"sprak={language}" in shown
            assert "side=3" in shown
    with app.test_request_context("/"):
        assert "sprak" not in url_for("varsling.show_guide", side=3)


def test_an_address_of_no_page_is_an_error_each_time(app: Flask) -> None:
    with app.test_request_context("/"):
        for _turn in range(2):
            with pytest.raises(BuildError):
                url_for("news.no_such_page", number=3)


def test_addresses_are_those_of_the_place_where_it_is_mounted(app: Flask) -> None:
    source = (
        "{{ optional_url('news.list_articles') }} {{ asset('app.css') }}"
        " {{ url_for('news.show_article', article_id=3) }}"
    )
    for root in ("", "/intern", ""):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            news, style, article = render_template_string(source).split()
        assert news == f"{root}/nyheter"
        assert article == f"{root}/nyheter/3"
        assert style.startswith(f"{root}/static/vendor/app.")
