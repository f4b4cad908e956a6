"""A document on paper: whole, tagged, and with the line that says how old it is."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from flask import Flask

from intranet.core.richtext_tree import to_tree
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve
from intranet.library.queries.documents import get_document_for, load_document
from intranet.library.views.document_pdf import notice_of
from intranet.web.qr_code import draw_code
from tests import cast
from tests.browser import Browser
from tests.cast import Cast
from tests.library.conftest import MakeDocument

LogIn = Callable[[int], Browser]
BODY = """# Før du begynner

Vask **hendene _godt_**, bruk `sprit`, og les [rutinen](/bibliotek/RUT-1) ![tegning](/x.png).

## Under

- én
  - under
- to

3. tre
4. fire

> Sitat

```
kode #import "x"
```

|A|B|
|-|-|
|1|#panic|

---

~~gammelt~~ linje\\
neste $x$ <b>rå</b> @ref
"""


def test_the_page_on_paper_has_the_code_that_the_pdf_has(
    people: Cast, log_in: LogIn, make_document: MakeDocument
) -> None:
    number, draft = make_document(), make_document("draft")
    browser = log_in(people.ingrid)
    (code,) = browser.get(f"/bibliotek/{number}").find("//div[contains(@class, 'print-only')]/img")
    assert code.get("loading") == "lazy"
    response = browser.client.get(code.get("src"))
    assert response.mimetype == "image/svg+xml"
    assert response.data.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    address = f"http://localhost/bibliotek/{number}"
    assert f"<path stroke={str(draw_code(address)).split('<path stroke=')[1]}" in response.text
    assert browser.client.get(f"/bibliotek/{draft}/kode.svg").status_code == 404


def pdf_of(people: Cast, log_in: LogIn, number: str, person: int = 0) -> pikepdf.Pdf:
    browser = log_in(person or people.ingrid)
    response = browser.client.get(f"/bibliotek/{number}/pdf")
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    assert f"{number}-v" in response.headers["Content-Disposition"]
    return pikepdf.open(io.BytesIO(response.data))


def test_everything_that_can_be_written_becomes_a_tagged_document(
    people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    number = make_document(body=BODY)
    made = pdf_of(people, log_in, number)
    assert made.Root.MarkInfo.Marked
    assert str(made.Root.Lang).startswith("nb")
    with made.open_metadata() as data:
        assert data.get("pdfuaid:part") == "1"
        assert data.get("pdfaid:part") == "2"
        assert data.get("dc:title") == "Håndtering av legemidler"


@pytest.mark.parametrize("body", ["", "# ", "##### Bare dypt", "- \n\n1. ", "||\n|-|\n||"])
def test_odd_texts_are_typeset_as_well(
    people: Cast, make_document: MakeDocument, log_in: LogIn, body: str
) -> None:
    number = make_document(body=f"{body}\n\nx")
    assert len(pdf_of(people, log_in, number).pages) == 1


def test_what_was_never_published_is_no_document_to_print(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    number = make_document("draft")
    for person in (people.ingrid, people.eva):
        assert log_in(person).get(f"/bibliotek/{number}/pdf").status == 404


def test_the_tree_holds_words_and_no_gap_between_headings() -> None:
    tree = to_tree("# A\n\n#### B\n\n# C ![bilde](http://x/y.png)\n\n##  \n\nx **y**")
    assert [(node["t"], node.get("level")) for node in tree] == [
        ("heading", 2), ("heading", 3), ("heading", 2), ("paragraph", None),
    ]  # fmt: skip
    assert tree[2]["c"][1] == {"t": "text", "text": "bilde"}
    assert tree[3]["c"][1] == {"t": "strong", "c": [{"t": "text", "text": "y"}]}


def test_a_withdrawn_document_is_printed_as_such(
    app: Flask, people: Cast, make_document: MakeDocument, log_in: LogIn
) -> None:
    number = make_document()
    with app.app_context():
        with transaction():
            approve.withdraw_document(
                load_document(number), "Gammelt", actor=cast.viewer(people.mona)
            )
        with app.test_request_context():
            document = get_document_for(cast.viewer(people.ingrid), number)
            words = notice_of(document)
        db.session.remove()
    assert words.startswith("Gjelder ikke lenger. Trukket tilbake ")
    assert len(pdf_of(people, log_in, number).pages) == 1
