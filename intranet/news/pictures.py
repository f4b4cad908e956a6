"""Makes the two sizes of an article's picture from a cleaned upload; writes no rows."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps

from intranet.core.file_store import path_of_token
from intranet.core.file_types import PICTURES
from intranet.core.files import ReceivedFile, receive_upload

LARGE = 1600
SMALL = 640
_QUALITY = 82


@dataclass(frozen=True)
class ReceivedPicture:
    """Both sizes, safe on disk, and the large one's measures in pixels."""

    large: ReceivedFile
    small: ReceivedFile
    width: int
    height: int


def receive_picture(stream: IO[bytes], filename: str | None) -> ReceivedPicture:
    """Check the upload and make WebP files of at most 1600 and 640 pixels, without metadata.

    To be called before the transaction: it takes time. Raises `InvalidInput(field="file")` for what
    is no picture, is damaged, animated, or has more pixels than a camera makes.
    """
    received = receive_upload(stream, filename, allowed=PICTURES)
    with Image.open(path_of_token(received.token), formats=("JPEG", "PNG", "WEBP")) as opened:
        picture = ImageOps.exif_transpose(opened)
        picture = picture.convert("RGBA" if "A" in picture.getbands() else "RGB")
    large = _within(picture, LARGE)
    return ReceivedPicture(
        _store(large, "bilde.webp"),
        _store(_within(picture, SMALL), "bilde-liten.webp"),
        large.width,
        large.height,
    )


def _within(picture: Image.Image, longest: int) -> Image.Image:
    copy = picture.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return copy


def _store(picture: Image.Image, name: str) -> ReceivedFile:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, method=4)
    buffer.seek(0)
    return receive_upload(buffer, name, allowed=PICTURES)
