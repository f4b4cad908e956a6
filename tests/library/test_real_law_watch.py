"""Helse- og omsorgstjenesteloven § 12-3 a from 1 July 2026, in Lovdata's own words.

With the shared archives the real documents are cut out of them; without, a short text written here
in the same elements stands in, so that the same story is told everywhere.
"""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.core.clock import stopped_at
from intranet.extensions import db
from intranet.laws.archive import read_members
from intranet.laws.importing import import_archive
from intranet.library.jobs import follow_laws
from intranet.library.models import DocumentCitation, LawReview
from intranet.library.queries.documents import get_document_for
from intranet.library.queries.law_reviews import LawReviewPage, get_law_review_for
from intranet.library.queries.tasks import list_tasks_for
from tests import cast
from tests.cast import Cast
from tests.laws.builders import archive, law, paragraph
from tests.library.conftest import MakeDocument

HOL, ACT = "lov/2011-06-24-30", "lov/2025-06-20-74"
MAY, JUNE = date(2026, 5, 21), date(2026, 6, 18)
EARLY, LATE = datetime(2026, 5, 22, 8, tzinfo=UTC), datetime(2026, 6, 19, 8, tzinfo=UTC)
BODY = """## Alvorlige hendelser

Ved dødsfall eller svært alvorlig skade varsler lederen straks, jf. hol § 12-3 a.

Se også helse- og omsorgstjenesteloven § 4-1."""
NEW = (
    "Virksomheter som er omfattet av loven her, skal snarest mulig og senest innen fem virkedager "
    "sende melding til statsforvalteren.",
    "Virksomheten skal i tillegg oversende en rapport om hendelsen innen tre måneder.",
)
WRITTEN = {
    HOL: law(
        HOL,
        paragraph("4-1", "Forsvarlighet", "Tjenester skal være forsvarlige."),
        paragraph(
            "12-3 a",
            "Varsel om alvorlige hendelser",
            "Virksomheter som er omfattet av loven her, skal straks varsle Statens helsetilsyn.",
            notes="Tilføyd ved lov 15 des 2017 nr. 107 (ikr. 1 juli 2019). Endres ved lov 20 juni "
            "2025 nr. 74 (i kraft 1 juli 2026 iflg. res. 10 april 2026 nr. 675 ).",
        ),
        title="Lov om kommunale helse- og omsorgstjenester m.m. (helse- og omsorgstjenesteloven)",
        short="Helse- og omsorgstjenesteloven – hol",
    ),
    ACT: law(
        ACT,
        '<article class="defaultP">I lov 24. juni 2011 nr. 30 om kommunale helse- og '
        "omsorgstjenester m.m. gjøres følgende endringer: § 12-3 andre ledd skal lyde: – – – "
        f"§ 12-3 a skal lyde: § 12-3 a . Melding og rapport om alvorlige hendelser {NEW[0]} {NEW[1]}"
        "</article>",
        title="Lov om endringer i helsetilsynsloven mv.",
        short="Endringslov til helsetilsynsloven mv.",
        in_force="2026-07-01",
    ),
}


@pytest.fixture(params=["written", "real"])
def documents(request: pytest.FixtureRequest, shared: Path) -> dict[str, bytes]:
    """The law and the act that amends it, as the edition of 18 June 2026 has them."""
    if request.param == "written":
        return WRITTEN
    path = shared / "lovdata" / f"gjeldende-lover-{JUNE.isoformat()}.tar.bz2"
    if not path.exists():
        pytest.skip(f"needs SHARED_DIR with lovdata/{path.name}: the written text stands in")
    return _cut_out(path, "20110624-030", "20250620-074")


def _cut_out(path: Path, *names: str) -> dict[str, bytes]:
    with path.open("rb") as stream:
        found = {
            name: member.data
            for member in read_members(stream)
            for name in names
            if name in member.name
        }
    return {HOL: found[names[0]], ACT: found[names[1]]}


def page_of(people: Cast, number: str, review_id: int) -> LawReviewPage:
    viewer = cast.viewer(people.eva)
    return get_law_review_for(viewer, get_document_for(viewer, number), review_id, BODY)


def test_owner_hears_of_the_new_way_to_report_before_it_is_law(
    context: Flask, people: Cast, make_document: MakeDocument, documents: dict[str, bytes]
) -> None:
    before = documents[HOL].replace(b"Endres ved lov 20 juni 2025 nr. 74", b"Jf. annet")
    with stopped_at(EARLY):
        import_archive(archive(before), "lover.tar.bz2", as_of=MAY)
        number = make_document(body=BODY)
        follow_laws()
    assert db.session.scalars(select(LawReview.id)).all() == []
    cited = db.session.scalars(select(DocumentCitation.section).order_by(DocumentCitation.section))
    assert cited.all() == ["12-3 a", "4-1"]
    with stopped_at(LATE):
        import_archive(archive(*documents.values()), "lover.tar.bz2", as_of=JUNE)
        follow_laws()
        (review,) = db.session.scalars(select(LawReview)).all()
        assert (review.section, review.amended_by) == ("12-3 a", ACT)
        assert review.effective_on == review.due_on == date(2026, 7, 1)
        (task,) = [t for t in list_tasks_for(cast.viewer(people.eva)) if t.kind == "library.law"]
        assert task.due_on == date(2026, 7, 1)
        page = page_of(people, number, review.id)
    assert page.quotes == [
        "Ved dødsfall eller svært alvorlig skade varsler lederen straks, jf. hol § 12-3 a."
    ]
    said = {"added": "", "removed": "", "same": ""}
    for whole in page.difference:
        for piece in whole.pieces:
            said[piece.change.value] += f"{piece.text} "
    assert "snarest mulig og senest innen fem virkedager" in " ".join(said["added"].split())
    assert "tre måneder" in said["added"]
    assert "straks" in said["removed"]
    assert "Virksomheter som er omfattet av loven her, skal" in said["same"]


def test_act_in_lovtidend_has_the_words_too(
    context: Flask, people: Cast, make_document: MakeDocument, shared: Path
) -> None:
    """There each ledd stands on its own, so that ledd is held against ledd."""
    gazette = shared / "lovdata" / "lovtidend-avd1-2025.tar.bz2"
    if not gazette.exists():
        pytest.skip(f"needs SHARED_DIR with lovdata/{gazette.name}")
    laws = shared / "lovdata" / f"gjeldende-lover-{JUNE.isoformat()}.tar.bz2"
    act = _cut_out(gazette, "nl-20250620-074", "nl-20250620-074")[ACT]
    with stopped_at(LATE):
        import_archive(
            archive(_cut_out(laws, "20110624-030", "20250620-074")[HOL]), "l", as_of=JUNE
        )
        import_archive(io.BytesIO(archive(act).getvalue()), "lovtidend", as_of=date(2025, 12, 31))
        number = make_document(body=BODY)
        (review,) = db.session.scalars(select(LawReview)).all()
        page = page_of(people, number, review.id)
    added = [
        "".join(p.text for p in whole.pieces)
        for whole in page.difference
        if all(piece.change.value == "added" for piece in whole.pieces)
    ]
    assert len(page.difference) == 3
    assert added[-1].startswith("Virksomheten skal i tillegg oversende en rapport om hendelsen")
