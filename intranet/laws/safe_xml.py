"""Turns the bytes of one law document into an element tree, safely.

Pure. It may neither fetch anything nor expand an entity; what tries to make it is refused.
"""

from __future__ import annotations

import html.entities
import re
import unicodedata

from lxml import etree

from intranet.laws.archive import ArchiveRefused, Refusal

MAX_DEPTH = 80
_DOCTYPE = re.compile(r"<!DOCTYPE\s+html\s*>", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_is_too_deep = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")


def parse_xml(data: bytes, member: str = "") -> etree._Element:
    """The root element of a document. Raises ArchiveRefused when it is broken or unsafe."""
    text = _decoded(data, member)
    try:
        root = _parsed(text)
    except etree.XMLSyntaxError as error:
        root = _parsed_with_names(text, error, member)
    if _is_too_deep(root):
        raise ArchiveRefused(Refusal.TOO_DEEP, member)
    return root


def _decoded(data: bytes, member: str) -> str:
    """The text as normal Unicode, whatever the declaration claims: UTF-8, else Windows' Latin
    letters.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\0" in text or "+ADw-" in text:
        # Sixteen-bit or seven-bit encodings are used only to hide markup from a check like this.
        raise ArchiveRefused(Refusal.UNSAFE_XML, member)
    text = _DECLARATION.sub("", text, count=1)
    text = _DOCTYPE.sub("", text, count=1)
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise ArchiveRefused(Refusal.UNSAFE_XML, member)
    if "\u00ad" in text:
        text = text.replace("\u00ad", "")
    return unicodedata.normalize("NFC", text)


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


def _parsed_with_names(text: str, error: etree.XMLSyntaxError, member: str) -> etree._Element:
    """A second try with HTML's named characters (&nbsp; and so on) written out."""
    too_deep = "depth" in str(error).lower()
    if not too_deep and _NAMED_ENTITY.search(text):
        try:
            return _parsed(_NAMED_ENTITY.sub(_written_out, text))
        except etree.XMLSyntaxError as second:
            error = second
    code = Refusal.TOO_DEEP if too_deep else Refusal.BROKEN_XML
    raise ArchiveRefused(code, member) from error


def _written_out(match: re.Match[str]) -> str:
    name = match.group(1)
    if name in _XML_ENTITIES:
        return match.group(0)
    return html.entities.html5.get(f"{name};", match.group(0))
