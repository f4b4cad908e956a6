"""Documents for the tests of the library, valid by default."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from intranet.core.files import receive_upload
from intranet.core.transaction import transaction
from intranet.extensions import db
from intranet.library.actions import approve, files, write
from intranet.library.contents import DraftContents
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision
from tests import cast

MakeDocument = Callable[..., str]
Attach = Callable[..., int]
Revise = Callable[..., None]


@pytest.fixture
def make_document(app: Flask, people: cast.Cast) -> MakeDocument:
    """Return a function that commits a document and returns its number.

    Written by Eva, editor at Strandheim, and approved by its leader Mona. `state`: draft, approval
    or published.
    """

    def make(state: str = "published", **changes: Any) -> str:
        author = changes.pop("author", people.eva)
        approver = changes.pop("approver", people.mona)
        unit_id = changes.pop("unit_id", people.strandheim)
        prefix = changes.pop("prefix", "PRO")
        owner_id = changes.pop("owner_id", None)
        contents = DraftContents(
            **{
                "title": "Håndtering av legemidler",
                "body": "## Før du deler ut\n\nVask hendene. Se forskrift § 4.",
                "keywords": "medisin, dosett",
                "change_note": "Ny prosedyre",
                **changes,
            }
        )
        with app.app_context():
            with transaction():
                document = write.write_document(
                    contents,
                    prefix=prefix,
                    unit_id=unit_id,
                    owner_id=owner_id,
                    actor=cast.viewer(author),
                )
                number = document.number
                if state != "draft":
                    approve.send_to_approval(document, version=1, actor=cast.viewer(author))
                if state == "published":
                    version = load_working_revision(document).version
                    approve.approve_revision(document, version=version, actor=cast.viewer(approver))
            db.session.remove()
        return number

    return make


@pytest.fixture
def revise(app: Flask, people: cast.Cast) -> Revise:
    """Return a function that has Eva write the next version and, unless told not to, Mona approve
    it. What is not given stays as it was.
    """

    def write_next(number: str, publish: bool = True, **changes: Any) -> None:
        with app.app_context():
            eva, mona = cast.viewer(people.eva), cast.viewer(people.mona)
            with transaction():
                document = load_document(number)
                revision = write.start_revision(document, actor=eva)
                contents = DraftContents(
                    **{
                        "title": revision.title,
                        "body": revision.body,
                        "change_note": "Endret",
                        **changes,
                    }
                )
                write.edit_draft(document, contents, version=revision.version, actor=eva)
                if publish:
                    approve.send_to_approval(document, version=revision.version, actor=eva)
                    approve.approve_revision(document, version=revision.version, actor=mona)
            db.session.remove()

    return write_next


@pytest.fixture
def attach(app: Flask, people: cast.Cast) -> Attach:
    """Return a function that attaches a file to the draft and returns the attachment's id."""

    def attach_to(number: str, name: str = "skjema.txt", data: bytes = b"Innhold i filen") -> int:
        with app.app_context():
            received = receive_upload(io.BytesIO(data), name)
            with transaction():
                attached = files.attach_file(
                    load_document(number),
                    received,
                    data.decode("latin-1").replace("\0", ""),
                    actor=cast.viewer(people.eva),
                )
                file_id = attached.id
            db.session.remove()
        return file_id

    return attach_to
