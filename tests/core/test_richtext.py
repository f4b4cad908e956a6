"""What people write in Markdown comes out readable and harmless."""

from html.parser import HTMLParser

import pytest

from intranet.core.richtext import is_external, to_html, to_text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[klikk](javascript:alert(1))",
    "[klikk](JaVaScRiPt:alert(1))",
    "[klikk](java&#115;cript:alert(1))",
    "[klikk](&#x6A;avascript:alert(1))",
    "[klikk](java\tscript:alert(1))",
    "[klikk](vbscript:msgbox)",
    "[klikk](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:text/html,<script>alert(1)</script>)",
    "![x](javascript:alert(1))",
    '<http://a.no/"onmouseover="alert(1)>',
    "<javascript:alert(1)>",
    '[a](http://a.no/ "x\\" onclick=\\"alert(1)")',
    '![a" onerror="alert(1)](/static/x.png)',
    '```" onclick="alert(1)\n<script>alert(1)</script>\n```',
    "[a]: javascript:alert(1)\n\n[a]",
    "<a href='//ond.example' style='position:fixed'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<base href=//ond.example><form action=//ond.example><input type=submit>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
]
SAFE_TAGS = {
    "p", "a", "code", "pre", "img", "table", "thead", "tbody", "tr", "th", "td", "div", "em",
}  # fmt: skip


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_leaves_neither_element_handler_nor_address_that_runs(text: str) -> None:
    """IN-02: raw HTML, script addresses, encoded ones, autolinks with quotes, nested math."""
    for tag, attributes in _Tags(str(to_html(text))).tags:
        assert tag in SAFE_TAGS
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src"):
            address = (attributes.get(name) or "").lower()
            assert address.split(":")[0] in ("http", "https") or ":" not in address


def test_raw_html_is_shown_as_the_text_that_it_is() -> None:
    """IN-02"""
    assert "&lt;b&gt;ikke fet&lt;/b&gt;" in to_html("<b>ikke fet</b>")


@pytest.mark.parametrize(
    "source",
    [
        "https://ond.example/spor.png",
        "HTTP://ond.example/spor.png",
        "//ond.example/spor.png",
        "\\\\ond.example/spor.png",
        "data:image/png;base64,AAAA",
        "spor.png",
    ],
)
def test_picture_from_a_foreign_server_is_replaced_by_its_words(source: str) -> None:
    """IN-03: the reader's address is told to nobody."""
    html = str(to_html(f"Se ![kart over bygget]({source}) her"))
    assert "<img" not in html
    assert "kart over bygget" in html


def test_picture_from_this_site_is_shown_with_its_alternative_text() -> None:
    ((_, attributes),) = [
        tag for tag in _Tags(str(to_html("![Brannplan](/nyheter/3/bilde)"))).tags if tag[0] == "img"
    ]
    assert attributes == {"src": "/nyheter/3/bilde", "alt": "Brannplan", "loading": "lazy"}


@pytest.mark.parametrize("address", ["https://lovdata.no/x", "//ond.example/x", "http://a.no"])
def test_link_that_leaves_the_site_is_marked_external(address: str) -> None:
    """IN-03"""
    (_, (tag, attributes)) = _Tags(str(to_html(f"[ut]({address})"))).tags
    assert tag == "a"
    assert "external" in (attributes["rel"] or "").split()
    assert "noopener" in (attributes["rel"] or "").split()


def test_link_within_the_site_is_not_marked_external() -> None:
    assert 'rel="' not in to_html("[Prosedyren](/bibliotek/PRO-12)")
    assert not is_external("/bibliotek/PRO-12")
    assert is_external("/\\ond.example") is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n## B\n# C", ["h2", "h3", "h2"]),
        ("### A\n#### B", ["h2", "h3"]),
        ("# A\n###### B", ["h2", "h6"]),
    ],
)
def test_headings_begin_below_the_title_of_the_page(text: str, expected: list[str]) -> None:
    assert [tag for tag, _ in _Tags(str(to_html(text))).tags] == expected


def test_headings_begin_where_the_page_says() -> None:
    assert to_html("# A", top_heading=4) == "<h4>A</h4>\n"


def test_table_can_be_scrolled_by_keyboard_and_its_headers_name_their_columns() -> None:
    tags = _Tags(str(to_html("| Navn | Vakt |\n|:--|--:|\n| Kari | natt |"))).tags
    assert tags[0] == ("div", {"class": "prose-table", "tabindex": "0"})
    assert tags[1] == ("table", {"class": "ds-table"})
    assert [attributes for tag, attributes in tags if tag == "th"] == [{"scope": "col"}] * 2


def test_plain_text_keeps_the_words_and_drops_the_marks() -> None:
    text = to_text(
        "# Ferie\n\nSøk **før** [fristen](/x)\nog si fra.\n\n"
        "- én\n- to\n\n![Kart](/k.png)\n\n`kode`"
    )
    assert text == "Ferie:\nSøk før fristen og si fra.\nén\nto\nKart\nkode"


def test_the_same_text_gives_the_same_result_each_time() -> None:
    text = "# En\n\n| a |\n|--|\n| [x](https://a.no) |"
    assert to_html(text) == to_html(text) == to_html(text + "", 2)


def test_very_long_text_is_rendered_whole() -> None:
    """IN-07"""
    assert "slutt" in to_html("ord " * 60_000 + "slutt")
