"""Makes small law documents and archives, honest and hostile, of our own making."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile

HEAD = """<!DOCTYPE html><html lang="no"><head><title>{title}</title><base href="https://lovdata.no/" />
</head><body><header class="documentHeader" id="hode"><dl class="data-document-key-info">
<dt class="dokid">DokumentID</dt><dd class="dokid">{base}/{refid}</dd>
<dt class="ministry">Departement</dt><dd class="ministry"><ul><li>{ministry}</li></ul></dd>
<dt class="dateInForce">I kraft fra</dt><dd class="dateInForce">{in_force}</dd>
<dt class="titleShort">Korttittel</dt><dd class="titleShort">{short}</dd>
<dt class="title">Tittel</dt><dd class="title">{title}</dd>
<dt class="refid">RefID</dt><dd class="refid">{refid}</dd></dl></header>
<main class="documentBody" id="dokument"><h1>{title}</h1>{body}</main></body></html>"""


def paragraph(number: str, title: str, *ledd: str, notes: str = "") -> str:
    """A paragraph in Lovdata's elements."""
    text = "".join(f'<article class="legalP">{part}</article>' for part in ledd)
    note = f'<article class="changesToParent">{notes}</article>' if notes else ""
    return (
        f'<article class="legalArticle" data-name="§{number}"><h3 class="legalArticleHeader">'
        f'<span class="legalArticleValue">§ {number}</span>. '
        f'<span class="legalArticleTitle">{title}</span></h3>{text}{note}</article>'
    )


def chapter(title: str, *content: str, level: int = 2) -> str:
    """A chapter with a heading."""
    inner = "".join(content)
    return f'<section class="section"><h{level}>{title}</h{level}>{inner}</section>'


def law(
    refid: str = "lov/2001-01-05-1",
    *body: str,
    title: str = "Lov om prøver (prøveloven)",
    short: str = "Prøveloven – prl",
    ministry: str = "Kunnskapsdepartementet",
    in_force: str = "2001-02-01",
    base: str = "NL",
) -> bytes:
    """A document as Lovdata writes it."""
    inner = "".join(body) or paragraph("1", "Formål", "Loven gjelder prøver.")
    return HEAD.format(
        title=title,
        refid=refid,
        short=short,
        ministry=ministry,
        in_force=in_force,
        base=base,
        body=inner,
    ).encode()


def name_of(refid: str) -> str:
    """The name of a document in an archive: nl/nl-20010105-001.xml."""
    kind, day = refid.split("/")
    parts = day.split("-")
    number = f"-{int(parts[3]):03}" if len(parts) > 3 else ""
    prefix = "nl" if kind == "lov" else "sf"
    return f"{prefix}/{prefix}-{''.join(parts[:3])}{number}.xml"


def member(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    """The header of an archive's member."""
    info = tarfile.TarInfo(name)
    info.size, info.type = len(data), kind
    return info


def tar(*members: tuple[tarfile.TarInfo, bytes], packed: str = "bz2") -> io.BytesIO:
    """An archive of members made by hand, so that it can be wrong in any way."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    pack = {"bz2": bz2.compress, "gz": gzip.compress, "": bytes}[packed]
    return io.BytesIO(pack(raw.getvalue()))


def archive(*documents: bytes, packed: str = "bz2") -> io.BytesIO:
    """An honest archive of law documents, named by their refids."""
    members = []
    for data in documents:
        refid = data.decode().split('class="refid">')[2].split("<")[0]
        members.append((member(name_of(refid), data), data))
    return tar(*members, packed=packed)
