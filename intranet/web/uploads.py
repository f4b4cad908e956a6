"""A sending whose files find no room while it is read: its text is kept all the same."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from flask import Request

from intranet.core.faults import find_fault

_IN_MEMORY = 512 * 1024


class _Upload(SpooledTemporaryFile[bytes]):
    """A file on its way in, in memory while it is small; remembers that the disk was full."""

    fault: OSError | None = None

    def write(self, data: Any) -> int:
        """Keep the bytes, or throw them away when there is no room for them."""
        if self.fault is None:
            try:
                return super().write(data)
            except OSError as error:
                if find_fault(error) is None:
                    raise
                self.fault = error
        return len(data)

    def seek(self, *arguments: Any) -> int:
        """Go to the place; what could not be written is not written now either."""
        return 0 if self.fault is not None else super().seek(*arguments)


class PortalRequest(Request):
    """Flask's request, whose form is there also when the disk had no room for its files."""

    def _get_file_stream(self, *_arguments: Any, **_more: Any) -> IO[bytes]:
        upload = _Upload(max_size=_IN_MEMORY, mode="rb+")
        self.__dict__.setdefault("_uploads", []).append(upload)
        return cast("IO[bytes]", upload)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        for upload in self.__dict__.pop("_uploads", ()):
            if upload.fault is not None:
                # The fields are read by now, so that the answer can show them.
                raise upload.fault
