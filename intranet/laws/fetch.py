"""Downloads Lovdata's public archives to a temporary file: https only, same host, with a cap on
size.
"""

from __future__ import annotations

import http.client
import ssl
import tempfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

from intranet.core.errors import InvalidInput
from intranet.core.text import _

ARCHIVES = ("gjeldende-lover.tar.bz2", "gjeldende-sentrale-forskrifter.tar.bz2")
MAX_BYTES = 256 * 1024 * 1024
_TIMEOUT = 60
_MOST_REDIRECTS = 3
_CHUNK = 1 << 16
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

Tell = Callable[[int, int], None]


def fetch_archive(
    base_url: str, name: str, *, max_bytes: int = MAX_BYTES, tell: Tell | None = None
) -> BinaryIO:
    """The archive as an open temporary file at its beginning. `tell(done, total)` hears the
    progress.

    The address comes from the settings, never from a person. A redirect may only lead to the
    same host over the same scheme. Raises InvalidInput when the address, the answer or the size
    is not what it must be.
    """
    address = urljoin(
        base_url if base_url.endswith("/") else base_url + "/", PurePosixPath(name).name
    )
    origin = _checked(urlsplit(address), None)
    for _attempt in range(_MOST_REDIRECTS + 1):
        connection = _connect(origin)
        try:
            target = origin.path + (f"?{origin.query}" if origin.query else "")
            connection.request("GET", target, headers={"User-Agent": "ansattportal/1"})
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308):
                next_address = urljoin(origin.geturl(), answer.getheader("Location", ""))
                origin = _checked(urlsplit(next_address), origin)
                continue
            if answer.status != http.client.OK:
                raise InvalidInput(
                    _(
                        "Lovdata svarte med feil %(status)s for %(name)s.",
                        status=answer.status,
                        name=name,
                    )
                )
            return _saved(answer, name, max_bytes, tell)
        except (OSError, http.client.HTTPException) as error:
            raise InvalidInput(
                _("Får ikke hentet %(name)s: forbindelsen sviktet.", name=name)
            ) from error
        finally:
            connection.close()
    raise InvalidInput(_("Adressen til %(name)s viser videre for mange ganger.", name=name))


def _checked(address: SplitResult, before: SplitResult | None) -> SplitResult:
    is_local_test = address.scheme == "http" and address.hostname in _LOOPBACK
    if not address.hostname or (address.scheme != "https" and not is_local_test):
        raise InvalidInput(_("Lovdata-adressen i innstillingene må begynne med https://."))
    if before is not None and (before.scheme, before.netloc) != (address.scheme, address.netloc):
        raise InvalidInput(
            _("Lovdata-adressen viser videre til et annet sted. Hentingen er stoppet.")
        )
    return address


def _connect(address: SplitResult) -> http.client.HTTPConnection:
    host = address.hostname or ""
    if address.scheme == "https":
        return http.client.HTTPSConnection(
            host, address.port, timeout=_TIMEOUT, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, address.port, timeout=_TIMEOUT)


def _saved(
    answer: http.client.HTTPResponse, name: str, max_bytes: int, tell: Tell | None
) -> BinaryIO:
    announced = answer.getheader("Content-Length", "")
    total = int(announced) if announced.isascii() and announced.isdigit() else 0
    if total > max_bytes:
        raise InvalidInput(_("%(name)s er større enn det som er tillatt.", name=name))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    done = 0
    try:
        while chunk := answer.read(_CHUNK):
            done += len(chunk)
            if done > max_bytes:
                raise InvalidInput(_("%(name)s er større enn det som er tillatt.", name=name))
            file.write(chunk)
            if tell:
                tell(done, total)
        if total and done != total:
            raise InvalidInput(_("%(name)s kom ikke helt fram.", name=name))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
