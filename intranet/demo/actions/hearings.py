"""Puts documents of the demonstration on hearing: one open, one answered and published."""

from __future__ import annotations

from datetime import time, timedelta

from intranet.core.clock import oslo_moment, stopped_at, today
from intranet.core.rows import AnyRow
from intranet.demo.actions.cast import Cast
from intranet.library.actions.approve import approve_revision, send_to_approval
from intranet.library.actions.hearing import close_hearing, send_to_hearing
from intranet.library.actions.hearing_comments import answer_comment, comment_on_hearing
from intranet.library.actions.write import write_document
from intranet.library.contents import DraftContents
from intranet.library.hearing import HearingAnswer
from intranet.library.models import Document
from intranet.library.queries.approvers import list_approvers
from intranet.library.queries.hearing_people import list_people_of
from intranet.library.queries.hearings import list_comments
from intranet.library.queries.revisions import load_working_revision

_OPEN_TITLE = "Vold og trusler i hjemmet: før, under og etter besøket"
_OPEN = """## Hensikt
Ingen som går hjem til andre, skal stå alene med vold eller trusler.

## Før besøket
Les risikovurderingen i journalen. Er det ukjent hvem som er til stede, går to sammen.

## Under besøket
1. Stå nærmest døren.
2. Gå når du føler deg utrygg. Du trenger ikke å begrunne det der og da.
3. Ring 112 ved fare.

## Etterpå
Ring lederen din samme dag. Meld avvik, også når det ikke ble noen skade.
"""
_DONE_TITLE = "Nøkler og nøkkelbokser hos hjemmeboende"
_DONE = """## Hensikt
Ingen nøkkel skal kunne knyttes til en adresse av den som finner den.

## Slik gjør du
Kvitter for nøkkelen når vakten begynner, og når den slutter. Nøkler merkes med nummer, aldri
med navn eller adresse.

## Ved avvik
Ring vakthavende med en gang når en nøkkel er borte. Låsen byttes samme dag.
"""


def seed_hearings(cast: Cast) -> int:
    """Leave one hearing open with comments, and one answered and published; returns how many."""
    _open_hearing(cast)
    _answered_hearing(cast)
    return 2


def _draft(title: str, body: str, cast: Cast, ago: int) -> Document:
    with stopped_at(oslo_moment(today() - timedelta(days=ago), time(9, 20))):
        return write_document(
            DraftContents(title=title, body=body, change_note="Ny rutine etter en hendelse"),
            prefix="RUT",
            unit_id=cast.unit_ids["hjemme-nord"],
            actor=cast.viewer(cast.account("quality_adviser")),
            owner_id=cast.account("unit_leader"),
        )


def _send(document: Document, cast: Cast, ago: int, lasts: int, words: str) -> int:
    due_on = today() + timedelta(days=lasts)
    with stopped_at(oslo_moment(today() - timedelta(days=ago), time(10, 5))):
        return send_to_hearing(
            document,
            unit_ids=[cast.unit_ids["hjemme-nord"]],
            names=[],
            due_on=due_on,
            words=words,
            version=load_working_revision(document).version,
            actor=cast.viewer(cast.account("quality_adviser")),
        ).id


def _colleagues(cast: Cast) -> list[int]:
    """Return those of the unit who have no told account: these have it still to do."""
    told = {cast.account(name) for name in ("employee", "unit_leader", "quality_adviser")}
    return [id_ for id_ in list_people_of([cast.unit_ids["hjemme-nord"]]) if id_ not in told]


def _say(document: Document, hearing_id: int, cast: Cast, ago: int, *said: tuple[int, str]) -> None:
    for position, (place, text) in enumerate(said):
        person = _colleagues(cast)[position]
        with stopped_at(oslo_moment(today() - timedelta(days=ago), time(11 + position, 12))):
            comment_on_hearing(document, hearing_id, place, text, actor=cast.viewer(person))


def _open_hearing(cast: Cast) -> None:
    document = _draft(_OPEN_TITLE, _OPEN, cast, ago=5)
    words = "Er rådet om å gå to sammen til å leve med på kvelden?"
    hearing_id = _send(document, cast, ago=3, lasts=11, words=words)
    _say(
        document,
        hearing_id,
        cast,
        2,
        (4, "På kveld er vi bare én på listen. Hvem skal vi ringe for å bli to?"),
        (6, "Legg til at bilen skal stå med fronten ut."),
        (0, "Bra at det står rett fram at vi kan gå."),
    )


def _answered_hearing(cast: Cast) -> None:
    document = _draft(_DONE_TITLE, _DONE, cast, ago=40)
    hearing_id = _send(document, cast, ago=38, lasts=-25, words="")
    _say(
        document,
        hearing_id,
        cast,
        36,
        (4, "Skriv at det gjelder nøkkelbrikker også."),
        (6, "Kan låsen byttes neste dag når ingen er hjemme?"),
    )
    adviser = cast.viewer(cast.account("quality_adviser"))
    with stopped_at(oslo_moment(today() - timedelta(days=30), time(12, 40))):
        first, second = list_comments(hearing_id)
        _answer(document, first, HearingAnswer.FOLLOWED, "", cast)
        why = "Nøkkelen er en risiko fra første natt. Vakthavende har avtale med låsesmed."
        _answer(document, second, HearingAnswer.NOT_FOLLOWED, why, cast)
        close_hearing(document, hearing_id, "Alle har svart.", version=1, actor=adviser)
        version = load_working_revision(document).version
        send_to_approval(document, version=version, actor=adviser)
    with stopped_at(oslo_moment(today() - timedelta(days=28), time(9, 10))):
        revision = load_working_revision(document)
        approver = cast.viewer(list_approvers(document.unit_id, revision.contributor_ids)[0])
        approve_revision(document, version=revision.version, actor=approver)


def _answer(
    document: Document, comment: AnyRow, answer: HearingAnswer, text: str, cast: Cast
) -> None:
    answer_comment(
        document,
        comment.hearing_id,
        comment.id,
        answer,
        text,
        version=comment.version,
        actor=cast.viewer(cast.account("quality_adviser")),
    )
