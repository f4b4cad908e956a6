"""The one line that names a case in lists: the beginning of what was written; invents nothing."""

LONGEST = 90


def headline(what: str) -> str:
    """Return the first sentence or line of the text, at most 90 characters, cut between words."""
    line = next((part.strip() for part in what.splitlines() if part.strip()), "")
    for mark in (". ", "! ", "? "):
        line = line.split(mark, 1)[0] if mark in line else line
    line = line.rstrip(".")
    if len(line) <= LONGEST:
        return line
    cut = line[: LONGEST - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:") + "…"
