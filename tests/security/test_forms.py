"""Every form, every field: what no form can use is said in plain words, and nothing is lost.

The forms are found on the product's own pages, so that a new one is walked from its first day.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import cast
from tests.login.conftest import write_directory
from tests.security import asking
from tests.security.forms import Answer, Control, Form, Walk

pytestmark = pytest.mark.xdist_group("forms")

ENGLISH = ("Not a valid", "This field", "Field must", "Invalid ", "Input should", "required.")
ODD = (
    "A\u202eB",  # Right to left from here.
    "nu\u200bll\u200d",  # Without width.
    "a\u030a" + "o\u0338" + "Z\u0351\u0363\u0367" * 5,  # Combining, as a Mac writes å.
    "🚑👩🏽‍⚕️",
    "ﬁ Å ＜b＞ <b> &amp; {{7*7}} %s '\"",
)
HONEST = " ".join(ODD)
NUMBERS = (str(2**31), str(2**70), "-1", " 1", "１", "\x00")

# Fields of which one alone may reach the database; the others are compared with what was offered.
GIVEN_OUT = frozenset({"hidden", "select", "number"})
# Words that are covered over in a copy which is made at once, and stored nowhere.
NOT_STORED = frozenset({"deviations.make_withheld_copy"})
# No account has the password; and the category has as many questions as it can.
NOT_TAKEN = frozenset({"login.log_in", "deviations.add_question"})
# The code to a report without a name is never written on a page again.
NOT_SHOWN = frozenset({"code", "typed"})


@pytest.fixture(scope="module")
def walk(_prepared: tuple[Flask, Callable[[], None]]) -> Walk:
    """One world for the whole module; each sending is put back."""
    app, empty = _prepared
    empty()
    with app.app_context():
        people = cast.make()
        cast.db.session.commit()
        cast.db.session.remove()
        write_directory()
    return Walk(app, people)


def test_every_form_is_found_and_can_be_sent_as_it_stands(walk: Walk) -> None:
    """The oracle itself: what is refused below is refused for what is wrong with it."""
    assert not walk.missing
    refused = []
    for form in walk.forms:
        answer = walk.send(form, {})
        walk.done()
        if form.is_whole and answer.status not in asking.DONE and form.endpoint not in NOT_TAKEN:
            refused.append(f"{form.endpoint}: {answer.status} {answer.faults()}")
    assert not refused, "\n".join(refused)


def test_a_sign_that_cannot_be_stored_is_refused_in_the_form_with_the_text_kept(
    walk: Walk,
) -> None:
    """IN-05: NUL in each text field, alone."""
    faults = []
    for form in walk.forms:
        for control in form.texts:
            answer = walk.send(form, {control.name: "Før\x00etter"})
            faults += [f"{form.endpoint} {control.name}: {fault}"
                       for fault in _not_kept(form, answer, control, "etter")]  # fmt: skip
            walk.done()
    assert not faults, "\n".join(faults)


def test_a_text_that_is_too_long_is_refused_and_not_cut(walk: Walk) -> None:
    """IN-07: one over the limit of each field that has one, and 600 kB where the page names none."""
    faults = []
    for form in walk.forms:
        for control in form.texts:
            typed = "ø" * (control.longest + 1) if control.longest else "x" * 600_000
            answer = walk.send(form, {control.name: typed})
            faults += [f"{form.endpoint} {control.name} {control.longest}: {fault}"
                       for fault in _not_kept(form, answer, control, typed)]  # fmt: skip
            walk.done()
    assert not faults, "\n".join(faults)


def test_odd_but_honest_words_are_kept_as_they_were_typed(walk: Walk) -> None:
    """IN-06, IN-05: from right to left, without width, combined and in four bytes, in all at once.

    What is taken stands in a row as it was typed; what is refused stands in the form.
    """
    faults = []
    for form in walk.forms:
        typed = {each.name: _fitting(each) for each in form.texts}
        answer = walk.send(form, typed)
        if answer.status not in {*asking.DONE, 409, 422}:
            faults.append(f"{form.endpoint}: answers {answer.status}")
        elif answer.status in asking.DONE and form.endpoint not in NOT_STORED:
            stored = walk.stored()
            lost = [name for name, text in typed.items() if _plain(text) not in stored]
            faults += [f"{form.endpoint}: did not keep {name}" for name in lost]
        elif answer.status not in asking.DONE:
            lost = [name for name, text in typed.items() if name not in NOT_SHOWN
                    and _plain(text) not in map(_plain, answer.shown(name))]  # fmt: skip
            faults += [f"{form.endpoint} ({answer.status}): lost {name}" for name in lost]
        walk.done()
    assert not faults, "\n".join(faults)


def test_a_lone_half_of_a_sign_is_no_fault_of_ours(walk: Walk) -> None:
    """IN-06: half an emoji, as some phones send it, and bytes that are no text at all."""
    faults = []
    for form in walk.forms:
        rubbish = b"A\xed\xa0\xbdB \xff\xfe\xc3"
        typed: dict[str, Any] = dict.fromkeys((each.name for each in form.texts), rubbish)
        answer = walk.send(form, typed)
        walk.done()
        if answer.status >= 500:
            faults.append(f"{form.endpoint}: answers {answer.status}")
    assert not faults, "\n".join(faults)


def test_text_of_the_longest_length_is_taken_whole(walk: Walk) -> None:
    """IN-07: exactly at the limit, in all fields at once: nothing says that it is too long."""
    faults = []
    for form in walk.forms:
        typed = {each.name: f"{each.name} ".ljust(each.longest - 1, "ø") + "."
                 for each in form.texts if each.longest and each.longest > 20}  # fmt: skip
        answer = walk.send(form, typed)
        if answer.status in asking.DONE and form.endpoint not in NOT_STORED:
            stored = walk.stored()
            faults += [f"{form.endpoint}: cut {name}" for name, text in typed.items()
                       if text not in stored]  # fmt: skip
        elif answer.status not in {*asking.DONE, 409, 422} or _says_too_long(answer):
            faults.append(f"{form.endpoint}: {answer.status} {answer.faults()}")
        walk.done()
    assert not faults, "\n".join(faults)


def test_numbers_that_are_none_are_no_fault_of_ours(walk: Walk) -> None:
    """IN-08: in every field whose value the server gave out, alone and in all of them at once."""
    faults = []
    for form in walk.forms:
        names = [each.name for each in form.others]
        at_once = [dict.fromkeys(names, number) for number in NUMBERS] if names else []
        alone = [{each.name: str(2**63)} for each in form.others if each.kind in GIVEN_OUT]
        for changes in (*at_once, *alone):
            answer = walk.send(form, changes)
            walk.done()
            if answer.status >= 500:
                faults.append(f"{form.endpoint}: {changes} answers {answer.status}")
            elif answer.status not in asking.DONE and answer.changed:
                faults.append(f"{form.endpoint}: {changes} refused, and yet did it")
    assert not faults, "\n".join(faults)


def test_a_file_with_a_hostile_name_is_refused_or_kept_under_a_harmless_one(walk: Walk) -> None:
    """IN-05, IN-06: NUL, a change of direction and half an emoji in the name."""
    faults = []
    for form in walk.forms:
        for control in form.files:
            for name in ("a\x00b.txt", "a\u202etxt.exe", "😀" * 200 + ".txt", "\ufffe.txt", ""):
                answer = walk.send(form, {control.name: (io.BytesIO(b"En fil."), name)})
                walk.done()
                if answer.status >= 500:
                    faults.append(f"{form.endpoint} {name!r}: answers {answer.status}")
    assert not faults, "\n".join(faults)


def test_whatever_is_typed_is_taken_or_stands_in_the_form_again(walk: Walk) -> None:
    """IN-20: any text of Unicode, in all fields of any form at once."""
    typing = [form for form in walk.forms if form.texts]

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(st.sampled_from(typing), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
    def send(form: Form, words: str) -> None:
        answer = walk.send(form, {each.name: words for each in form.texts})
        walk.done()
        assert answer.status in {*asking.DONE, 400, 409, 422}, form.endpoint
        assert answer.status in asking.DONE or not answer.changed, form.endpoint
        # A browser itself drops control characters where it shows them.
        if answer.status == 422 and words.isprintable():
            for each in form.texts:
                shown = map(_plain, answer.shown(each.name))
                assert each.name in NOT_SHOWN or _plain(words) in shown, (form.endpoint, each.name)

    send()


def _fitting(control: Control) -> str:
    """Return odd words that are no longer than the field takes."""
    if control.longest is None or control.longest >= len(HONEST):
        return HONEST
    return "Å🚑\u202e"


def _says_too_long(answer: Answer) -> bool:
    return any(re.search(r"for lang|høyst \d+ tegn", fault) for fault in answer.faults())


def _not_kept(form: Form, answer: Answer, control: Control, typed: str) -> Iterator[str]:
    """Yield what is wrong with the answer to something that no form can use."""
    if answer.status != 422:
        yield f"answers {answer.status}"
        if not 400 <= answer.status < 500:
            return
    if answer.changed:
        yield "changed something"
    words = [word for word in ENGLISH if any(word in fault for fault in answer.faults())]
    if words or not answer.faults():
        yield f"says {answer.faults()}"
    if control.name not in NOT_SHOWN and not any(typed in s for s in answer.shown(control.name)):
        yield "does not show it again"
    for other in form.texts:
        kept = _plain(str(form.body.get(other.name, "")))
        if other.name in NOT_SHOWN or other.name == control.name or not kept:
            continue
        if kept not in map(_plain, answer.shown(other.name)):
            yield f"lost {other.name}"


def _plain(text: str) -> str:
    """Return the text as a form keeps it: composed signs, plain line breaks, no blanks around."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
