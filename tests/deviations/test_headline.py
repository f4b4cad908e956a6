"""The line that names a case in lists."""

from __future__ import annotations

import pytest

from intranet.deviations.headline import LONGEST, headline


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("Bruker falt. Ingen skade.", "Bruker falt"),
        ("Prøve fra Nordvika viste E. coli. Vannet er stengt.", "Prøve fra Nordvika viste E. coli"),
        ("Hvem tok nøkkelen? Den var borte.", "Hvem tok nøkkelen"),
        ("\n\n  Døra sto åpen.\nIngen så det.", "Døra sto åpen"),
        ("Vent!", "Vent!"),
        ("", ""),
    ],
)
def test_first_sentence_names_the_case(what: str, line: str) -> None:
    assert headline(what) == line


def test_long_sentence_is_cut_between_words() -> None:
    line = headline("langt " * 40)
    assert len(line) <= LONGEST
    assert line.endswith("langt…")
