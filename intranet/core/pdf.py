"""Typesets PDF documents from a template and plain data; knows no domain and decides nothing.

Typst is a wheel without anything to install beside it. What people wrote reaches it only as data
(JSON), never as markup, so nothing that is typed can be run or read as a command (IN-10). The
documents are PDF/A-2a for the archive and PDF/UA-1 for screen readers.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from intranet.config import ROOT

TEMPLATES = ROOT / "templates"
STANDARDS: Any = ["a-2a", "ua-1"]

log = logging.getLogger(__name__)


def make_pdf(template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Return the PDF of `templates/<template>` (a .typ file) filled with `data`.

    `data` holds plain JSON values. The same data and moment give the same bytes. A sign that no
    font of the machine can draw would break the standards; such a document is made without them
    rather than not at all.
    """
    # Loaded where it is used: 30 MB that a worker who never makes a PDF does not carry.
    import typst  # noqa: PLC0415

    source = TEMPLATES / template
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    for standards, ignores_system_fonts in ((STANDARDS, True), (STANDARDS, False), ([], False)):
        try:
            made = typst.compile(
                str(source),
                root=str(TEMPLATES),
                sys_inputs=inputs,
                pdf_standards=standards,
                ignore_system_fonts=ignores_system_fonts,
                timestamp=made_at.replace(microsecond=0),
            )
        except typst.TypstError as error:
            if not standards or "could not be displayed" not in str(error):
                raise
            continue
        if not standards:
            log.warning("pdf made without its standards: a sign has no font")
        return bytes(made)
    raise AssertionError("unreachable")
