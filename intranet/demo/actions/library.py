"""Writes, approves and publishes the procedures, each by its own people and in its own time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from intranet.core.clock import oslo_moment, stopped_at, today
from intranet.demo.actions.cast import Cast
from intranet.demo.procedure_text import ProcedureText, read_procedures
from intranet.library.actions.approve import approve_revision, send_to_approval
from intranet.library.actions.write import edit_draft, start_revision, write_document
from intranet.library.contents import DraftContents
from intranet.library.models import Document
from intranet.library.queries.approvers import list_approvers
from intranet.library.queries.documents import load_document
from intranet.library.queries.revisions import load_working_revision

# Texts that stand on the law of 2026 are younger than that.
_YOUNGEST, _OLDEST, _SINCE_THE_LAW = 20, 330, 110
# Two that are past their yearly review, and one whose review comes soon.
_FORGOTTEN = {"26-tjenestereiser": 402, "48-vintervedlikehold": 379, "52-adgangskontroll-bygg": 352}
_FIRST_NOTE = "Første utgave i ansattportalen."


@dataclass(frozen=True)
class _Change:
    """What a later revision brought: a passage that the first one lacked."""

    passage: str
    note: str


_REVISED = {
    "13-alenearbeid": _Change(
        "2. Meld fra når du begynner og når du er ferdig.\n",
        "Lagt til at du melder fra både når du begynner og når du er ferdig, etter et avvik.",
    ),
    "15-nokler-nokkelboks": _Change(
        "4. Koder står bare i fagsystemet. De sendes ikke i SMS, e-post eller chat.\n",
        "Koder skal ikke deles i SMS, e-post eller chat.",
    ),
    "04-fall-forebygging": _Change(
        "4. Be lege vurdere legemidlene, se prosedyren om legemiddelgjennomgang.\n",
        "Nytt punkt om å la legen vurdere legemidler som øker fallrisikoen.",
    ),
}


def seed_library(cast: Cast) -> dict[str, str]:
    """Publish all procedures; returns the document number of each two-digit beginning of a file."""
    texts = read_procedures()
    numbers = {}
    for position, text in enumerate(texts):
        age = _age_of(text, position)
        change = _REVISED.get(text.slug)
        first = text.body.replace(change.passage, "") if change else text.body
        document = _publish_first(text, first, cast, _morning(age))
        if change is not None:
            _publish_change(document, text, change, cast, _morning(age // 3))
        numbers[text.slug[:2]] = document.number
    _leave_work_open(texts, numbers, cast)
    _announce_change(next(text for text in texts if text.slug == "35-brannovelse"), numbers, cast)
    return numbers


def _age_of(text: ProcedureText, position: int) -> int:
    """Return for how many days it has been in force."""
    if text.slug in _FORGOTTEN:
        return _FORGOTTEN[text.slug]
    oldest = _SINCE_THE_LAW if "2026" in text.body else _OLDEST
    return _YOUNGEST + (position * 47) % (oldest - _YOUNGEST)


def _morning(age: int) -> datetime:
    return oslo_moment(today() - timedelta(days=age), time(10, 15))


def _contents(text: ProcedureText, body: str, note: str, cast: Cast) -> DraftContents:
    return DraftContents(
        title=text.title,
        body=body,
        keywords=text.keywords,
        change_note=note,
        valid_for=tuple(cast.unit_ids[key] for key in text.valid_for if key != "kommune"),
    )


def _publish_first(text: ProcedureText, body: str, cast: Cast, moment: datetime) -> Document:
    unit_id = cast.unit_ids[text.unit_key]
    with stopped_at(moment - timedelta(days=6)):
        author = cast.viewer(_author_of(text, cast))
        document = write_document(
            _contents(text, body, _FIRST_NOTE, cast),
            prefix=text.prefix,
            unit_id=unit_id,
            actor=author,
            owner_id=_owner_of(text, cast),
        )
        send_to_approval(document, version=load_working_revision(document).version, actor=author)
    _approve(document, cast, moment)
    return document


def _publish_change(
    document: Document, text: ProcedureText, change: _Change, cast: Cast, moment: datetime
) -> None:
    with stopped_at(moment - timedelta(days=3)):
        author = cast.viewer(_author_of(text, cast))
        revision = start_revision(document, actor=author)
        contents = _contents(text, text.body, change.note, cast)
        edit_draft(document, contents, version=revision.version, actor=author)
        send_to_approval(document, version=load_working_revision(document).version, actor=author)
    _approve(document, cast, moment)


def _approve(
    document: Document, cast: Cast, moment: datetime, valid_from: date | None = None
) -> None:
    with stopped_at(moment):
        revision = load_working_revision(document)
        approver_id = list_approvers(document.unit_id, revision.contributor_ids)[0]
        approve_revision(
            document,
            version=revision.version,
            actor=cast.viewer(approver_id),
            valid_from=valid_from,
        )


def _leave_work_open(texts: list[ProcedureText], numbers: dict[str, str], cast: Cast) -> None:
    """Leave one new procedure waiting for the unit leader's approval, and one begun revision."""
    visits = next(text for text in texts if text.slug == "14-hjemmebesok")
    with stopped_at(oslo_moment(today() - timedelta(days=2), time(13, 40))):
        author = cast.viewer(cast.account("quality_adviser"))
        summer = replace(visits, title="Varme dager: tilsyn hos hjemmeboende", keywords="hetebølge")
        document = write_document(
            _contents(summer, _WARM_DAYS, _FIRST_NOTE, cast),
            prefix="RUT",
            unit_id=cast.unit_ids["hjemme-nord"],
            actor=author,
            owner_id=cast.account("unit_leader"),
        )
        send_to_approval(document, version=load_working_revision(document).version, actor=author)
        begun = cast.viewer(cast.leader_of("helse"))
        nutrition = load_document(numbers["05"])
        start_revision(nutrition, actor=begun)


def _announce_change(text: ProcedureText, numbers: dict[str, str], cast: Cast) -> None:
    """Approve a next version of the procedure that applies from a day to come."""
    document = load_document(numbers[text.slug[:2]])
    with stopped_at(oslo_moment(today() - timedelta(days=4), time(9, 50))):
        author = cast.viewer(_author_of(text, cast))
        revision = start_revision(document, actor=author)
        body = text.body.replace(_OBSERVERS, f"{_OBSERVERS}{_TOLD_BEFORE}", 1)
        contents = _contents(text, body, "Beboere som kan bli redde, får vite det.", cast)
        edit_draft(document, contents, version=revision.version, actor=author)
        send_to_approval(document, version=load_working_revision(document).version, actor=author)
    day = today() + timedelta(days=20)
    _approve(document, cast, oslo_moment(today() - timedelta(days=1), time(11, 5)), day)


def _author_of(text: ProcedureText, cast: Cast) -> int:
    """Return who wrote it: the unit's editor, or a quality adviser."""
    editor_id = cast.editor_of(text.unit_key)
    return cast.account("quality_adviser") if editor_id == cast.account("editor") else editor_id


def _owner_of(text: ProcedureText, cast: Cast) -> int:
    owners = {
        "chief_executive": lambda: cast.account("chief_executive"),
        "data_protection_officer": lambda: cast.account("data_protection_officer"),
        "hr": lambda: cast.leader_of("hr"),
    }
    return owners.get(text.owner, lambda: cast.leader_of(text.unit_key))()


_OBSERVERS = "4. Sett ut observatører i hver etasje og på møteplassen.\n"
_TOLD_BEFORE = "5. Snakk på forhånd med beboere som kan bli redde av alarmen, og vær hos dem.\n"
_WARM_DAYS = """## Hensikt
Ingen av dem vi har tilsyn med, skal bli syke av varmen uten at vi oppdager det.

## Gjelder for
Hjemmetjenesten nord når det er meldt over 27 grader to dager på rad.

## Ansvar
Koordinator på dagvakt lager listen. Den som besøker, følger punktene og dokumenterer.

## Slik gjør du
1. Tilby drikke ved hvert besøk og noter hvor mye.
2. Se etter tørr munn, forvirring, rask puls og lite urin.
3. Trekk for gardiner, luft om natten, bruk lette klær.
4. Spør lege om vanndrivende legemidler når brukeren drikker lite.
5. Ring de ti på listen som ikke har besøk den dagen.

## Ved avvik
Ring lege eller 113 ved nedsatt bevissthet. Meld avvik når listen ikke er fulgt.

## Referanser
- helse- og omsorgstjenesteloven § 4-2
- helsepersonelloven § 4
"""
