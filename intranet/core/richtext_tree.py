"""Turns Markdown into plain data for a typesetter: blocks and what stands in them. Pure."""

from __future__ import annotations

from typing import Any

from markdown_it.tree import SyntaxTreeNode

from intranet.core.richtext import parse

Node = dict[str, Any]


def to_tree(markdown: str, *, top_heading: int = 2) -> list[Node]:
    """Return the blocks of the text, each `{"t": kind, ...}` with its children under `"c"`.

    Headings come without gaps in their levels, as tagged PDF demands. A picture is its alternative
    text, for a typesetter fetches nothing.
    """
    blocks = [_node(child) for child in SyntaxTreeNode(parse(markdown)).children]
    level = top_heading - 1
    for block in blocks:
        if block["t"] == "heading":
            level = min(max(block["level"], top_heading), level + 1)
            block["level"] = level
    return [block for block in blocks if block["t"] != "heading" or block["c"]]


def _node(node: SyntaxTreeNode) -> Node:
    if node.type in ("fence", "code_block", "code_inline", "text"):
        kind = "code" if node.type in ("fence", "code_block") else node.type
        return {"t": kind, "text": node.content.rstrip("\n")}
    if node.type == "image":
        return {"t": "text", "text": node.content}
    found: Node = {"t": node.type, "c": _children(node)}
    if node.type == "heading":
        found["level"] = int(node.tag[1])
    if node.type == "link":
        found["href"] = str(node.attrs.get("href", ""))
    if node.type == "ordered_list":
        found["start"] = int(node.attrs.get("start", 1))
    if node.type == "table":
        rows = [row for part in node.children for row in part.children]
        found["columns"] = max((len(row.children) for row in rows), default=1)
    return found


def _children(node: SyntaxTreeNode) -> list[Node]:
    """Return the children; what only holds running text stands for that text."""
    found = [_node(child) for child in node.children]
    if len(found) == 1 and found[0]["t"] == "inline":
        return list(found[0]["c"])
    return found
