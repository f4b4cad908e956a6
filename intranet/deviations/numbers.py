"""Case numbers: 202600412 in the database and in addresses, "2026-0412" to people; nothing else."""

_PER_YEAR = 100_000


def case_number(year: int, sequence: int) -> int:
    """The number of the sequence-th case of a year; a year has room for 99,999."""
    if not 0 < sequence < _PER_YEAR:
        raise ValueError(f"a year's sequence number must lie between 1 and 99999, not {sequence}")
    return year * _PER_YEAR + sequence


def number_words(number: int) -> str:
    """The number as people say it: "2026-0412"."""
    year, sequence = divmod(number, _PER_YEAR)
    return f"{year}-{sequence:04d}"


def find_number(words: str) -> int | None:
    """The number in "2026-0412", "2026‑412" or "202600412"; None when it is no case number."""
    plain = words.strip().replace("\u2011", "-").replace("\u2013", "-")
    if plain.isascii() and plain.isdigit() and len(plain) == 9:
        return int(plain)
    year, dash, sequence = plain.partition("-")
    is_number = plain.isascii() and dash and year.isdigit() and sequence.isdigit()
    if not is_number or len(year) != 4 or not 1 <= len(sequence) <= 5 or int(sequence) == 0:
        return None
    return case_number(int(year), int(sequence))
