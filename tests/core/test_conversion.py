"""Word files as Markdown, archives and lists: what is kept, what is told, what is refused."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from flask import Flask

from intranet import create_app
from intranet.core.conversion import Converted, convert_word, without_picture
from intranet.core.errors import InvalidInput
from intranet.core.richtext import to_html
from intranet.core.sandbox import run_task
from intranet.core.unpacking import FolderBundle, ZipBundle, read_sheet
from tests.conftest import _settings as settings_for
from tests.core import hostile

pytestmark = pytest.mark.usefixtures("_disk")
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture(scope="module")
def _application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a disk and no tables: nothing here asks a database."""
    folder = tmp_path_factory.mktemp("conversion")
    return create_app(settings_for(folder, f"sqlite:///{folder / 'none.sqlite3'}"))


@pytest.fixture
def _disk(_application: Flask) -> Iterator[None]:
    with _application.app_context():
        yield


def converted(data: bytes, folder: Path, **options: Any) -> Converted:
    path = folder / "fil.docx"
    path.write_bytes(data)
    return convert_word(path, **options)


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def refusal(data: bytes, folder: Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        converted(data, folder)
    assert caught.value.field == "file"
    return str(caught.value.message)


def rewritten(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The Word file with something else in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    assert old in parts[name]
    return hostile.zipped(parts | {name: parts[name].replace(old, new)})


def test_what_a_writer_marked_is_kept(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Vask av hender", 1)
    paragraph = document.add_paragraph("Bruk ")
    paragraph.add_run("alltid").bold = True
    paragraph.add_run(" såpe, ")
    paragraph.add_run("aldri").italic = True
    paragraph.add_run(" sprit")
    document.add_paragraph("Nål", style="List Bullet")
    document.add_paragraph("Sprøyte", style="List Bullet")
    assert converted(saved(document), tmp_path).markdown == (
        "# Vask av hender\n\nBruk **alltid** såpe, *aldri* sprit\n\n- Nål\n- Sprøyte"
    )


def test_text_that_looks_like_marks_stays_text(tmp_path: Path) -> None:
    document = docx.Document()
    for line in ("1. ikke en liste", "# ikke en overskrift", "*ikke* kursiv <b>fet</b>", "a | b"):
        document.add_paragraph(line)
    html = str(to_html(converted(saved(document), tmp_path).markdown))
    assert "<ol" not in html
    assert "<h" not in html
    assert "<em>" not in html
    assert "*ikke* kursiv &lt;b&gt;fet&lt;/b&gt;" in html


def test_a_table_with_merged_cells_keeps_its_columns_and_says_so(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for across, text in enumerate(("Hva", "Hvem", "Når")):
        table.cell(0, across).text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Vask"
    table.cell(1, 1).text = "Alle"
    table.cell(1, 2).text = "Før\nEtter"
    table.cell(2, 2).text = "Daglig"
    made = converted(saved(document), tmp_path)
    html = str(to_html(made.markdown))
    assert html.count("<tr>") == 3
    assert html.count("<td>") == 6
    assert "Før  Etter" in made.markdown
    assert made.notes == ("merged_cells",)


def test_a_table_of_one_column_only_framed_the_page(tmp_path: Path) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "Formål"
    cell.add_paragraph("Trygg pleie")
    assert converted(saved(document), tmp_path).markdown == "Formål\n\nTrygg pleie"


def test_links_to_the_world_are_kept_and_others_become_their_words(tmp_path: Path) -> None:
    data = saved(docx.Document())
    body = (
        b'<w:p><w:hyperlink r:id="rIdA"><w:r><w:t>loven</w:t></w:r></w:hyperlink>'
        b'<w:hyperlink r:id="rIdB"><w:r><w:t> skript</w:t></w:r></w:hyperlink>'
        b'<w:hyperlink w:anchor="under"><w:r><w:t> lenger ned</w:t></w:r></w:hyperlink></w:p>'
    )
    data = rewritten(data, "word/document.xml", b"<w:sectPr", body + b"<w:sectPr")
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    links = b"".join(
        b'<Relationship Id="%s" Type="%s" Target="%s" TargetMode="External"/>' % (one, kind, target)
        for one, target in (
            (b"rIdA", b"https://lovdata.no/a (b)"),
            (b"rIdB", b"javascript:alert(1)"),
        )
    )
    data = rewritten(
        data, "word/_rels/document.xml.rels", b"</Relationships>", links + b"</Relationships>"
    )
    markdown = converted(data, tmp_path).markdown
    assert markdown == "[loven](https://lovdata.no/a%20%28b%29) skript lenger ned"


def numbered(document: Any, text: str, level: int = 0) -> None:
    about = document.add_paragraph(text)._p.get_or_add_pPr()
    about.append(
        parse_xml(f'<w:numPr {_W}><w:ilvl w:val="{level}"/><w:numId w:val="91"/></w:numPr>')
    )


def test_numbers_that_word_counts_are_written_out(tmp_path: Path) -> None:
    document = docx.Document()
    lists = document.part.numbering_part.element
    for number, forms in (
        (90, (("decimal", "%1", "Heading1"), ("decimal", "%1.%2", "Heading2"))),
        (91, (("decimal", "%1.", ""), ("lowerLetter", "%2)", ""))),
    ):
        levels = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:pStyle w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for at, (form, text, style) in enumerate(forms)
        )
        lists.insert(
            0, parse_xml(f'<w:abstractNum {_W} w:abstractNumId="{number}">{levels}</w:abstractNum>')
        )
        lists.append(
            parse_xml(f'<w:num {_W} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )
    for name in ("Heading 1", "Heading 2"):
        about = document.styles[name].element.get_or_add_pPr()
        about.insert(0, parse_xml(f'<w:numPr {_W}><w:numId w:val="90"/></w:numPr>'))
    for text, level in (("Formål", 1), ("Ansvar", 2), ("Slik gjør du", 1), ("Først", 2)):
        document.add_heading(text, level)
    numbered(document, "Ring 110")
    numbered(document, "si hvor", 1)
    document.add_paragraph("Vent på svar.")
    numbered(document, "Gå ut")
    assert converted(saved(document), tmp_path).markdown == (
        "# 1 Formål\n\n## 1.1 Ansvar\n\n# 2 Slik gjør du\n\n## 2.1 Først\n\n"
        "1. Ring 110\n   1. si hvor\n\nVent på svar.\n\n2. Gå ut"
    )


def test_a_style_of_the_municipality_with_an_outline_level_is_a_heading(tmp_path: Path) -> None:
    document = docx.Document()
    style = document.styles.add_style("Havnsund tittel", 1)
    style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {_W} w:val="1"/>'))
    below = document.styles.add_style("Havnsund tittel blå", 1)
    below.base_style = style
    document.add_paragraph("Ansvar", style="Havnsund tittel blå")
    assert converted(saved(document), tmp_path).markdown == "## Ansvar"


def test_a_picture_is_received_with_its_alternative_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_picture(io.BytesIO(hostile.jpeg()))
    document.inline_shapes[0]._inline.docPr.set("descr", "Nødutgang [øst]")
    made = converted(saved(document), tmp_path)
    assert made.markdown == "![Nødutgang øst](picture:1)"
    assert [one.mark for one in made.pictures] == ["picture:1"]
    assert made.pictures[0].received.media_type == "image/jpeg"
    # Only looked at: nothing is kept, and the same is said.
    assert converted(saved(document), tmp_path, with_pictures=False).pictures == ()


def test_a_picture_that_cannot_be_kept_leaves_its_words(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_picture(io.BytesIO(hostile.png()))
    document.inline_shapes[0]._inline.docPr.set("descr", "Kart")
    data = rewritten(saved(document), "word/media/image1.png", b"\x89PNG", b"\x01\x00EM")
    made = converted(data, tmp_path)
    assert made.markdown == "(Kart)"
    assert made.notes == ("picture_lost",)
    assert without_picture("a ![](picture:1) b ![x](picture:12)", "picture:1") == (
        "a  b ![x](picture:12)"
    )


@pytest.mark.parametrize(
    ("inside", "note"),
    [
        (b"<w:ins w:id='1' w:author='x'><w:r><w:t>ny</w:t></w:r></w:ins>", "tracked"),
        (b"<w:r><w:commentReference w:id='0'/></w:r>", "comments"),
        (b"<w:r><w:pict><w:txbxContent><w:p/></w:txbxContent></w:pict></w:r>", "text_box"),
    ],
)
def test_what_the_text_may_lose_is_told(inside: bytes, note: str, tmp_path: Path) -> None:
    data = rewritten(
        saved(docx.Document()),
        "word/document.xml",
        b"<w:sectPr",
        b"<w:p>" + inside + b"</w:p><w:sectPr",
    )
    assert note in converted(data, tmp_path).notes


_TEMPLATE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" TargetMode="External" Target="{}" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
)


def with_parts(**parts: bytes) -> bytes:
    """A real Word file with more parts in it; "__" stands for a stroke."""
    with zipfile.ZipFile(io.BytesIO(hostile.word())) as archive:
        real = {one: archive.read(one) for one in archive.namelist()}
    return hostile.zipped(real | {name.replace("__", "/"): data for name, data in parts.items()})


def deep(levels: int) -> bytes:
    return rewritten(
        hostile.word(), "word/document.xml", b"<w:sectPr",
        b"<w:p>" * levels + b"</w:p>" * levels + b"<w:sectPr",
    )  # fmt: skip


_ENTITY = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (with_parts(word__vbaProject=b"x", **{"word/vbaProject.bin": b"x"}), "makroer"),
        (hostile.office(types="<x ContentType='a.macroEnabled.main+xml'/>"), "makroer"),
        (with_parts(**{"word/embeddings/oleObject1.bin": b"x"}), "objekter"),
        (with_parts(**{"word/embeddings/a.exe": b"MZ"}), "objekter"),
        (rewritten(hostile.word(), "word/document.xml", b"<w:document", _ENTITY + b"<w:document"),
         "XML-entiteter"),
        (with_parts(**{"word/_rels/settings.xml.rels":
                       _TEMPLATE.format("https://ond.example/mal.dotm").encode()}), "nettsted"),
        (hostile.zip_bomb(151), "pakker seg ut"),
        (hostile.overlapping_zip(), "pakker seg ut"),
        (deep(400), "pakker seg ut"),
        (with_parts(**{"../../etc/x": b"x"}), "stemmer ikke"),
        (hostile.office("xlsx"), "stemmer ikke"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "passord"),
        (hostile.word()[:-40], "kan ikke leses"),
        (b"%PDF-1.4", "kan ikke leses"),
    ],
    ids=["macro", "macro-type", "ole", "program", "entity", "template", "bomb", "overlap", "deep",
         "path", "other-type", "encrypted", "cut", "pdf"],
)  # fmt: skip
def test_a_hostile_word_file_is_refused_with_its_reason(
    data: bytes, words: str, tmp_path: Path
) -> None:
    """FI-04, FI-05, XT."""
    assert words in refusal(data, tmp_path)


def test_a_template_on_the_municipality_s_own_disk_is_no_danger(tmp_path: Path) -> None:
    data = with_parts(
        **{
            "word/_rels/settings.xml.rels": _TEMPLATE.format(
                "file:///F:/Maler/Rutine.dotx"
            ).encode()
        }
    )
    assert converted(data, tmp_path).markdown == "Vask hendene først"


def test_the_child_gets_the_whole_file_also_when_somebody_read_in_it(tmp_path: Path) -> None:
    path = tmp_path / "fil.docx"
    path.write_bytes(hostile.word())
    with path.open("rb") as source, (tmp_path / "tekst").open("wb") as target:
        source.read(8)
        run_task("text-docx", source, target)
    assert (tmp_path / "tekst").read_text() == "Vask hendene først\n"


# Archives


def zip_at(folder: Path, data: bytes) -> ZipBundle:
    path = folder / "bunke.zip"
    path.write_bytes(data)
    return ZipBundle(path)


def test_the_files_of_an_archive_are_listed_and_read_one_at_a_time(tmp_path: Path) -> None:
    bundle = zip_at(
        tmp_path,
        hostile.zipped({"Mappe/å.docx": b"en", "Mappe/b.pdf": b"to", "__MACOSX/._b.pdf": b"x"}),
    )
    found = bundle.members()
    assert [one.name for one in found] == ["Mappe/å.docx", "Mappe/b.pdf"]
    with bundle.opened(found[1]) as path:
        assert path.read_bytes() == b"to"
    assert not path.exists()


def test_a_name_that_windows_wrote_without_saying_so_is_understood(tmp_path: Path) -> None:
    raw = "brødrister.docx".encode("cp850")
    data = hostile.zipped({"br?drister.docx": b"x"}).replace(b"br?drister.docx", raw)
    assert "brødrister.docx" in zip_at(tmp_path, data).members()[0].names


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("passwd.docx")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def locked() -> bytes:
    data = bytearray(hostile.zipped({"a.docx": b"x"}))
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


def crowded() -> bytes:
    return hostile.zipped({f"{number}.docx": b"" for number in range(5_001)}, zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (hostile.zipped({"../a.docx": b"x"}), "peker ut"),
        (hostile.zipped({"a/../../a.docx": b"x"}), "peker ut"),
        (hostile.zipped({"/etc/a.docx": b"x"}), "peker ut"),
        (hostile.zipped({"C:\\a.docx": b"x"}), "peker ut"),
        (hostile.zipped({"..\\a.docx": b"x"}), "peker ut"),
        (linked(), "snarveier"),
        (locked(), "passord"),
        (crowded(), "5000"),
        (hostile.zip_bomb(20), "pakker seg ut"),
        (hostile.overlapping_zip(), "pakker seg ut"),
        (b"not an archive", "stemmer ikke"),
    ],
    ids=["up", "up-inside", "root", "drive", "backslash", "link", "locked", "crowded", "bomb",
         "overlap", "other"],
)  # fmt: skip
def test_a_hostile_archive_is_refused_whole(data: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        zip_at(tmp_path, data).members()
    assert caught.value.field == "archive"
    assert words in str(caught.value.message)


def test_what_a_link_in_a_folder_leads_to_is_not_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mappe"
    (folder / "under").mkdir(parents=True)
    (folder / "under" / "a.docx").write_bytes(b"x")
    (tmp_path / "hemmelig.docx").write_bytes(b"y")
    (folder / "lenke.docx").symlink_to(tmp_path / "hemmelig.docx")
    (folder / "ut").symlink_to(tmp_path)
    assert [one.name for one in FolderBundle(folder).members()] == ["under/a.docx"]


# Lists


def test_the_first_sheet_is_read_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Fil", "Nummer", "Dato", "Tid"])
    book.active.append(["å.docx", 12.0, date(2026, 1, 2), datetime(2026, 3, 4, 5, 6)])
    book.active.append(["b.docx", 1.5, None, True])
    path = tmp_path / "liste.xlsx"
    book.save(path)
    assert read_sheet(path) == [
        ["Fil", "Nummer", "Dato", "Tid"],
        ["å.docx", "12", "2026-01-02", "2026-03-04"],
        ["b.docx", "1.5", "", "True"],
    ]


@pytest.mark.parametrize("letters", ["utf-8", "utf-16"])
def test_a_sheet_with_entities_is_refused(letters: str, tmp_path: Path) -> None:
    text = f"<?xml version='1.0' encoding='{letters}'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>"
    path = tmp_path / "liste.xlsx"
    path.write_bytes(hostile.office("xlsx", **{"xl/worksheets/sheet1.xml": text.encode(letters)}))
    with pytest.raises(InvalidInput) as caught:
        read_sheet(path)
    assert caught.value.field == "list"
    assert "XML-entiteter" in str(caught.value.message)
