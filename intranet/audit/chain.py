"""The hash chain: each entry is signed together with the one before. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64
# A name was taken out, and the chain does not say that the person was erased.
ERASED = "erased"
# The chain ends before an entry that was anchored outside: an older backup was restored, or the
# newest entries were removed together with their head.
OLDER = "older"


def canonical(payload: Mapping[str, Any]) -> bytes:
    """Return the one way to write the payload: sorted keys, no blanks, UTF-8."""
    return json.dumps(
        payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode("utf-8")


def digest(key: bytes, previous: str, payload: Mapping[str, Any]) -> str:
    """Return HMAC-SHA256 (hex) of the previous digest and the payload, under a secret key."""
    return hmac.new(key, previous.encode("ascii") + canonical(payload), hashlib.sha256).hexdigest()


def commitment(salt: str, text: str) -> str:
    """Return what stands for the text in a signed entry; says nothing once the salt is gone."""
    return hmac.new(salt.encode("ascii"), text.encode("utf-8"), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Fault:
    """The first entry that does not fit, and why: "gap", "changed", "head" or "erased"."""

    sequence: int
    kind: str


def find_fault(
    key: bytes, links: Iterable[tuple[int, str, Mapping[str, Any]]], head: tuple[int, str]
) -> Fault | None:
    """Return the first fault of the chain (sequence, digest, payload), or None. Streams."""
    expected, previous = 1, START
    for sequence, claimed, payload in links:
        if sequence != expected:
            return Fault(expected, "gap")
        if not hmac.compare_digest(claimed, digest(key, previous, payload)):
            return Fault(sequence, "changed")
        expected, previous = sequence + 1, claimed
    if head != (expected - 1, previous if expected > 1 else head[1]):
        return Fault(expected, "head")
    return None


def anchors_after(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Return the (sequence, digest) pairs of an anchor file, skipping what is not a pair."""
    for line in lines:
        parts = line.split()
        if len(parts) >= 2 and parts[0].isdigit():
            yield int(parts[0]), parts[1]
