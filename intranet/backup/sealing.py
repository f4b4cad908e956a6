"""Seals a stream to public keys and opens it again: the age format. Only this file imports pyrage.

Each 64 kB is authenticated together with its place, and the last one says that it is the last: a
file that was cut or changed does not open to its end.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Protocol

from pyrage import DecryptError, EncryptError, IdentityError, RecipientError, decrypt_io, encrypt_io
from pyrage.x25519 import Identity, Recipient

HEADER = b"age-encryption.org/v1\n"
_PRIVATE = "AGE-SECRET-KEY-"


class Source(Protocol):
    """What can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes; none at the end."""


class Target(Protocol):
    """What can be written to."""

    def write(self, data: bytes, /) -> int:
        """Write all of it."""

    def flush(self) -> None:
        """Hand on what is written."""


class BadKey(Exception):
    """No key of the kind that is asked for."""


class NotOpened(Exception):
    """The file was changed, cut, or sealed to other keys."""


def make_key() -> tuple[str, str]:
    """Return a new private key and its public one."""
    key = Identity.generate()
    return str(key), str(key.to_public())


def recipients_of(keys: Sequence[str]) -> list[Recipient]:
    """Return the public keys. Raises `BadKey`; its text never holds a private one."""
    if not keys:
        raise BadKey("ingen offentlig nøkkel er satt (BACKUP_RECIPIENTS)")
    try:
        return [Recipient.from_str(key) for key in keys]
    except RecipientError as error:
        raise BadKey("en av de offentlige nøklene er ikke en age-nøkkel (age1…)") from error


def seal(source: Source, target: Target, keys: Sequence[str]) -> None:
    """Write the source, sealed to the keys. What source and target raise comes out as it was."""
    inner, outer = _Kept(source), _Kept(target)
    try:
        encrypt_io(inner, outer, recipients_of(keys))
    except EncryptError:
        for kept in (inner, outer):
            if kept.error is not None:
                raise kept.error from None
        raise


@contextmanager
def opened(source: IO[bytes], key_text: str) -> Iterator[IO[bytes]]:
    """Give what is inside as a stream. Raises `NotOpened` at its end when not all of it is true.

    So nothing that was read may be used for good before the block has ended.
    """
    identities = _identities_of(key_text)
    inlet, outlet = os.pipe()
    faults: list[BaseException] = []

    def pour() -> None:
        try:
            with os.fdopen(outlet, "wb") as pipe:
                decrypt_io(source, pipe, identities)
        except BaseException as error:  # noqa: BLE001  Told by the thread that reads.
            faults.append(error)

    thread = threading.Thread(target=pour, daemon=True)
    thread.start()
    problem: BaseException | None = None
    with os.fdopen(inlet, "rb") as stream:
        try:
            yield stream
            while stream.read(1 << 20):
                pass
        except BaseException as error:  # noqa: BLE001  Raised again below.
            problem = error
    thread.join()
    # A reader that stopped early has broken the pipe: then its own reason is the one.
    broken = [fault for fault in faults if not isinstance(fault, BrokenPipeError)]
    if broken and not (problem is not None and "Broken pipe" in str(broken[0])):
        raise NotOpened(_why(broken[0])) from broken[0]
    if problem is not None:
        raise problem


def _why(fault: BaseException) -> str:
    if isinstance(fault, DecryptError) and "matching keys" in str(fault):
        return "nøkkelen passer ikke til denne sikkerhetskopien"
    return "sikkerhetskopien er endret, avkortet eller ikke en sikkerhetskopi"


def _identities_of(text: str) -> list[Identity]:
    lines = [line.strip() for line in text.splitlines()]
    found = [line for line in lines if line.startswith(_PRIVATE)]
    try:
        keys = [Identity.from_str(line) for line in found]
    except IdentityError as error:
        raise BadKey("den private nøkkelen kan ikke leses") from error
    if not keys:
        raise BadKey(f"nøkkelfila har ingen linje som begynner med {_PRIVATE}")
    return keys


class _Kept:
    """A stream that keeps what it raised: the library makes a text of it."""

    def __init__(self, stream: Source | Target) -> None:
        self._stream = stream
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        return self._do("read", size)  # type: ignore[return-value]

    def write(self, data: bytes) -> int:
        return self._do("write", data)  # type: ignore[return-value]

    def flush(self) -> None:
        self._do("flush")

    def _do(self, name: str, *arguments: object) -> object:
        try:
            return getattr(self._stream, name)(*arguments)
        except Exception as error:
            self.error = error
            raise
