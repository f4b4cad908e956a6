"""Sends documents of the demonstration's former system, which the quality adviser may take in."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from intranet.core.file_store import path_of_token
from intranet.core.files import ReceivedFile
from intranet.core.unpacking import ZipBundle, receive_archive
from intranet.demo.actions.cast import Cast
from intranet.library.actions.take_in_runs import finish_check, send_run
from intranet.library.take_in import ListRow
from intranet.library.take_in_lines import TakingIn, save_line

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>'
)
_FILES = {
    "Kjøkken/Temperatur i kjøleskap.docx": (
        ("Heading1", "Hensikt"),
        ("", "Maten skal holde høyst fire grader til den serveres."),
        ("Heading1", "Slik gjør du"),
        ("", "Les av og skriv opp temperaturen hver morgen. Over fire grader: flytt maten."),
    ),
    "Kjøkken/Merking av allergener.docx": (
        ("Heading1", "Hensikt"),
        ("", "Ingen skal bli syk av mat som vi serverer."),
        ("Heading1", "Slik gjør du"),
        ("", "Skriv allergenene på skiltet ved hver rett. Er du usikker, server ikke retten."),
    ),
    "Gammelt/Notat uten liste.docx": (("", "Et notat som ingen fører opp."),),
}


def prepare_archive() -> ReceivedFile:
    """Keep the archive on disk; to be called before the transaction."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, paragraphs in _FILES.items():
            archive.writestr(name, _word_file(paragraphs))
    made.seek(0)
    return receive_archive(made, "gammelt-system.zip")


def seed_take_in(cast: Cast, archive: ReceivedFile) -> int:
    """Leave a list that is looked through and waits for the adviser; returns its lines."""
    adviser = cast.viewer(cast.account("quality_adviser"))
    owner = cast.viewer(cast.account("unit_leader")).username
    names = list(_FILES)
    rows = [
        ListRow(2, names[0], "Temperatur i kjøleskap", "KS-301", "Rutine", owner, _unit(cast)),
        ListRow(3, names[1], "Merking av allergener", "KS-302", "PRO", owner, _unit(cast)),
        ListRow(4, "Kjøkken/Varm mat.docx", "Varm mat", "KS-303", "PRO", "sluttet", _unit(cast)),
    ]
    run = send_run(rows, "dokumentliste.xlsx", archive, actor=adviser)
    bundle = ZipBundle(path_of_token(archive.token))
    taking = TakingIn(rows, bundle, actor=adviser, approver=None)
    for row in rows:
        save_line(taking.judge(row), run.id)
    finish_check(run, taking.unlisted)
    return len(rows)


def _unit(cast: Cast) -> str:
    """Return the name of the unit that the leader leads."""
    return cast.viewer(cast.account("unit_leader")).home_unit_name


def _word_file(paragraphs: tuple[tuple[str, str], ...]) -> bytes:
    body = "".join(
        f"<w:p>{f'<w:pPr><w:pStyle w:val={style!r}/></w:pPr>' if style else ''}"
        f"<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
        for style, text in paragraphs
    )
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONSHIPS)
        archive.writestr("word/document.xml", document)
    return made.getvalue()
