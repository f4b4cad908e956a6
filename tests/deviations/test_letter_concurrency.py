"""Two people who finish a letter of the same kind in the same case at the same instant."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from intranet.core.transaction import transaction
from intranet.deviations.actions import letters, types
from intranet.deviations.letter_models import DeviationLetter
from intranet.deviations.letter_shapes import Draft, LetterKind
from intranet.deviations.letters import LETTERS
from intranet.deviations.queries.letter_places import document_of, place_of
from intranet.deviations.queries.letters import get_letter_for
from intranet.deviations.types import Kind
from intranet.extensions import db
from tests import cast
from tests.deviations.factories import case_for, do, report
from tests.deviations.test_concurrency import at_once

KIND = LetterKind.BREACH_NOTICE
ROUNDS = 20


def begin(people: cast.Cast, number: int) -> int:
    texts = {field.key: "Skrevet." for field in LETTERS[KIND].fields}
    letter = do(people.mona, number, letters.start_letter, KIND, Draft(texts))
    return int(db.session.merge(letter).id)


def finishing(person_id: int, number: int, letter_id: int) -> Callable[[], None]:
    """Return the act of finishing what was read before, as the page does."""

    def act() -> None:
        case, viewer = case_for(person_id, number)
        letter = get_letter_for(viewer, case, letter_id)
        made = letters.Finished(document_of(case, letter), place_of(case, KIND).number)
        version = letter.version
        db.session.rollback()
        with transaction():
            case, viewer = case_for(person_id, number)
            letter = get_letter_for(viewer, case, letter_id)
            letters.finish_letter(case, letter, made, actor=viewer, version=version)

    return act


def test_two_letters_finished_at_once_never_get_the_same_number(
    app: Flask, people: cast.Cast
) -> None:
    for _round in range(ROUNDS):
        with app.app_context():
            number = report(people.ingrid, people.strandheim)
            do(people.mona, number, types.choose_kind, Kind.DATA_BREACH)
            made = [begin(people, number), begin(people, number)]
            db.session.remove()
        acts = [
            finishing(people.mona, number, made[0]),
            finishing(people.petter, number, made[1]),
        ]
        ended = at_once(app, acts)
        with app.app_context():
            rows = db.session.execute(
                select(DeviationLetter.number).where(DeviationLetter.id.in_(made))
            )
            numbers = sorted(row or 0 for row in rows.scalars())
        # One first and one told, or one after the other.
        assert numbers in ([0, 1], [1, 2]), ended
        assert ended.count("SomeoneElseWasFirst") == (1 if numbers == [0, 1] else 0)


def test_one_letter_finished_twice_at_once_is_finished_once(app: Flask, people: cast.Cast) -> None:
    for _round in range(ROUNDS):
        with app.app_context():
            number = report(people.ingrid, people.strandheim)
            do(people.mona, number, types.choose_kind, Kind.DATA_BREACH)
            letter_id = begin(people, number)
            db.session.remove()
        act = finishing(people.mona, number, letter_id)
        ended = at_once(app, [act, act])
        assert ended.count(None) == 1, ended
        assert set(ended) <= {None, "SomeoneElseWasFirst", "NotPossibleNow"}
