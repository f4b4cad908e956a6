"""The one line that names a case in lists: the beginning of what was written; invents nothing."""

import re

LONGEST = 90
# One letter before the full stop is an initial or a name («E. coli»), two are a word.
_SENTENCE_END = re.compile(r"(?<=\w\w)\. |[!?] ")


def headline(what: str) -> str:
    """Return the first sentence or line of the text, at most 90 characters, cut between words."""
    line = next((part.strip() for part in what.splitlines() if part.strip()), "")
    line = _SENTENCE_END.split(line, maxsplit=1)[0].rstrip(".")
    if len(line) <= LONGEST:
        return line
    cut = line[: LONGEST - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:") + "…"
