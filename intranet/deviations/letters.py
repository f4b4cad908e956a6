"""The letters and forms that the law asks for from a case, as data: what each must contain. Pure.

Read in the texts of the law (Lovdata, 18 June 2026, and the amending act 20 June 2025 no. 74 in
Norsk Lovtidend). The words stand in `letter_texts` (the letter's own, in bokmål and nynorsk) and in
`letter_words.py` (the form's, for who fills it in).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intranet.deviations.letter_shapes import LetterField, LetterKind, LetterRule, Need, Shape
from intranet.deviations.types import Kind

_TO = LetterField("to", source="to", rows=2, has_names=True)
_OFFICER = LetterField("contact", source="officer|writer", rows=3, has_names=True)
_CONTACT = LetterField("contact", source="writer", rows=3, has_names=True)
_HAPPENED = LetterField("happened", source="happened", rows=2)
_SIGNATURE = LetterField("signature", source="signature", rows=3, has_names=True)
_SIGNED_NOW = LetterField("signature", source="signature", rows=3, has_names=True, is_new=True)

LETTERS: Mapping[LetterKind, LetterRule] = {
    # GDPR art. 33 no. 3 a to d; no. 1 (reasons for the delay); no. 4 (in phases).
    LetterKind.BREACH_NOTICE: LetterRule(
        "melding-til-datatilsynet",
        Kind.DATA_BREACH,
        ("data_breach", "authority"),
        (
            _TO,
            LetterField("news", Need.FOLLOWING, rows=4, is_new=True),
            _HAPPENED,
            LetterField("aware", source="aware", rows=1),
            LetterField("late", Need.LATE, source="late"),
            LetterField("nature", source="answer.facts|what", rows=5),
            LetterField("persons", rows=2),
            LetterField("records", rows=2),
            LetterField("effects", source="answer.effects", rows=4),
            LetterField("measures", source="answer.remedies+immediate+actions", rows=5),
            LetterField("told", Need.NEVER, source="told", rows=2),
            LetterField("missing", Need.NEVER, rows=2, is_new=True),
            _OFFICER,
            _SIGNED_NOW,
        ),
        has_phases=True,
    ),
    # GDPR art. 34 no. 2: the nature in clear and plain language, and art. 33 no. 3 b, c and d.
    LetterKind.BREACH_PERSONS: LetterRule(
        "brev-til-dem-det-gjelder",
        Kind.DATA_BREACH,
        ("data_breach", "persons"),
        (
            LetterField("to", source="", rows=2),
            LetterField("nature", source="answer.facts|what", rows=5),
            LetterField("effects", source="answer.effects", rows=4),
            LetterField("measures", source="answer.remedies+immediate", rows=4),
            LetterField("advice", rows=4),
            _OFFICER,
            _SIGNATURE,
        ),
        is_guarded=True,
        is_voluntary=True,
    ),
    # GDPR art. 33 no. 1 (unlikely to result in a risk) and no. 5 (facts, effects, remedies).
    LetterKind.BREACH_DECISION: LetterRule(
        "bruddet-meldes-ikke",
        Kind.DATA_BREACH,
        ("data_breach", "authority"),
        (
            _HAPPENED,
            LetterField("nature", source="answer.facts|what", rows=4),
            LetterField("persons", rows=2),
            LetterField("effects", source="answer.effects"),
            LetterField("measures", source="answer.remedies+immediate"),
            LetterField("unlikely", source="answer.not_reported", rows=5),
            LetterField("advised", Need.NEVER, rows=2),
            LetterField("signature", source="signature", rows=3, has_names=True),
        ),
        shape=Shape.DECISION,
        is_guarded=True,
    ),
    # arbeidsmiljøloven § 5-2 first paragraph: confirmed in writing, copy to the safety
    # representative. The law names no contents: what the telephone call told.
    LetterKind.WORK_CONFIRMATION: LetterRule(
        "bekreftelse-av-varsel",
        Kind.WORK_INJURY,
        ("work_accident", "confirmation"),
        (
            _TO,
            LetterField("copy", source="safety|copy", rows=2, has_names=True),
            LetterField("called", source="called", rows=3),
            _HAPPENED,
            LetterField("what", source="answer.register_text|what", rows=4),
            LetterField("harm", rows=2, is_closed=True),
            LetterField("injured", Need.NEVER, rows=2, is_closed=True),
            LetterField("done", Need.NEVER, source="immediate"),
            _CONTACT,
            _SIGNATURE,
        ),
    ),
    # folketrygdloven § 13-14: an electronic form of Nav's own.
    LetterKind.NAV_INJURY: LetterRule(
        "skademelding-til-nav",
        Kind.WORK_INJURY,
        ("nav_injury", "report"),
        (
            LetterField("employer", source="employer", rows=2),
            _HAPPENED,
            LetterField("injured", rows=1, is_closed=True),
            LetterField("work", rows=2, is_closed=True),
            LetterField("what", source="answer.register_text|what", rows=4),
            LetterField("injury", rows=3, is_closed=True),
            LetterField("absence", Need.NEVER, rows=2, is_closed=True),
            LetterField("done", Need.NEVER, source="immediate+actions"),
            _CONTACT,
        ),
        shape=Shape.CHECKLIST,
    ),
    # arbeidsmiljøloven § 6-2 third paragraph (the employer shall answer) and § 6-3.
    LetterKind.SAFETY_ANSWER: LetterRule(
        "svar-til-verneombudet",
        Kind.STOP_OF_WORK,
        ("stop_of_work", "answer"),
        (
            LetterField("to", source="safety|to", rows=2, has_names=True),
            LetterField("received", source="aware", rows=1),
            LetterField("inquiry", source="answer.danger|what", rows=4),
            LetterField("answer", source="answer.leader_answer", rows=5),
            LetterField("done", Need.NEVER, source="immediate+actions"),
            LetterField("resumed", Need.NEVER, rows=2),
            _CONTACT,
            _SIGNATURE,
        ),
        is_guarded=True,
    ),
    # helse- og omsorgstjenesteloven § 12-3 a first paragraph, helsetilsynsloven § 6.
    LetterKind.CARE_MESSAGE: LetterRule(
        "melding-om-alvorlig-hendelse",
        Kind.CARE_EVENT,
        ("care_event", "message"),
        (
            _TO,
            LetterField("copy", Need.NEVER, source="copy", rows=1),
            _HAPPENED,
            LetterField("what", source="what", rows=5),
            LetterField("harm", rows=2, is_closed=True),
            LetterField("patient", Need.NEVER, source="answer.journal", rows=1, is_closed=True),
            LetterField("cause", rows=3),
            LetterField("unexpected", rows=3),
            LetterField("done", Need.NEVER, source="immediate"),
            _CONTACT,
            _SIGNATURE,
        ),
    ),
    # The same, second paragraph: each of what the report shall contain is a field.
    LetterKind.CARE_REPORT: LetterRule(
        "rapport-om-alvorlig-hendelse",
        Kind.CARE_EVENT,
        ("care_event", "report"),
        (
            _TO,
            LetterField("message", source="message", rows=2),
            LetterField("harm", Need.NEVER, source="closed.care_message.harm", is_closed=True),
            LetterField("patient", Need.NEVER, source="answer.journal", rows=1, is_closed=True),
            LetterField("review", source="care_message.what|what", rows=6),
            LetterField("causes", rows=5),
            LetterField("measures", source="immediate+actions", rows=5),
            LetterField("followed_patient"),
            LetterField("followed_relatives"),
            LetterField("followed_staff"),
            LetterField("involved"),
            _CONTACT,
            _SIGNATURE,
        ),
    ),
    # pasient- og brukerrettighetsloven § 3-2 fourth to sixth paragraph.
    LetterKind.CARE_INVITATION: LetterRule(
        "invitasjon-til-mote",
        Kind.CARE_EVENT,
        ("care_event", "meeting"),
        (
            LetterField("to", is_closed=True, has_names=True),
            LetterField("what", source="care_message.what|what", rows=4),
            LetterField("measures", source="immediate+actions", rows=4),
            LetterField("meeting", rows=2),
            LetterField("present", Need.NEVER, rows=2),
            _CONTACT,
            _SIGNATURE,
        ),
        is_guarded=True,
    ),
}

BY_SLUG: Mapping[str, LetterKind] = {rule.slug: kind for kind, rule in LETTERS.items()}


def kinds_for(kind: str, clocks: Sequence[tuple[str, str]]) -> list[LetterKind]:
    """Return the letters that a case of this kind with these deadlines can ask for."""
    return [
        letter
        for letter, rule in LETTERS.items()
        if rule.clock in clocks or (rule.is_voluntary and rule.kind == kind)
    ]
