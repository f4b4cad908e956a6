"""No statement changes rows of a versioned table behind the back of their version (CC-03)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import intranet.wiring
from intranet.extensions import Model

ROOT = Path(__file__).resolve().parents[2] / "intranet"
# Names that stand for several tables: none of them versioned, or with the version where there is one.
SEVERAL = {
    ("anonymous/actions/deliver.py", "table"),
    ("anonymous/actions/forget.py", "table"),
    ("deviations/actions/removal.py", "table"),
}
_SQL = re.compile(r"\bUPDATE\s+\"?(\w+)\"?\s+SET\b", re.IGNORECASE)


def versioned() -> dict[str, str]:
    """Return table name by class name of what carries a version. All rooms are loaded by wiring."""
    assert intranet.wiring.BLUEPRINTS
    mappers = [mapper for mapper in Model.registry.mappers if mapper.version_id_col is not None]
    return {mapper.class_.__name__: mapper.local_table.name for mapper in mappers}


def bulk_updates(source: str) -> Iterator[tuple[str, bool]]:
    """Yield what is updated in bulk, by name, and whether the statement raises the version."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    known = _tables_by_name(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((name, "version" in node.value) for name in _SQL.findall(node.value))
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "update" and node.args:
            of = ast.unparse(node.args[0])
            yield known.get(of, of), _sets_version(node, parents)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            of = ast.unparse(node.func.value)
            if of.endswith("__table__") or "query" in of:
                yield of.removesuffix(".__table__"), _sets_version(node, parents)


def _tables_by_name(tree: ast.AST) -> dict[str, str]:
    """Return the class by the name that stands for its table: `_HEADS = table_of(AuditHead)`."""
    return {
        ast.unparse(node.targets[0]): ast.unparse(node.value.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == "table_of"
    }


def _sets_version(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether the chain of calls that the update begins has `.values(version=...)`."""
    while isinstance(parents.get(node), ast.Attribute | ast.Call):
        node = parents[node]
        if isinstance(node, ast.Call) and any(word.arg == "version" for word in node.keywords):
            return True
    return False


def test_versioned_tables_are_changed_row_by_row_or_with_their_version() -> None:
    """CC-03: measured beforehand, a bulk update leaves the version as it was."""
    tables = versioned()
    assert {"Deviation", "CorrectiveAction", "Article", "Vacancy", "Revision"} <= set(tables)
    names = {*tables, *tables.values()}
    wrong, seen = [], 0
    for file in sorted(ROOT.rglob("*.py")):
        place = str(file.relative_to(ROOT))
        for name, sets_version in bulk_updates(file.read_text(encoding="utf-8")):
            seen += 1
            is_class = name[:1].isupper() or (place, name) in SEVERAL or name in tables.values()
            if (name in names and not sets_version) or not is_class:
                wrong.append(f"{place}: {name}")
    assert seen > 10
    assert not wrong


def test_the_scan_sees_every_way_of_writing_it() -> None:
    source = """
update(Deviation).where(Deviation.id == 1).values(state="x")
Deviation.__table__.update().values(state="x")
text("UPDATE deviation SET state = 'x'")
update(Article).values(state="x", version=Article.version + 1)
_CASES = table_of(Deviation)
update(_CASES).values(state="x")
"""
    assert list(bulk_updates(source)).count(("Deviation", False)) == 3
    assert ("deviation", False) in list(bulk_updates(source))
    assert ("Article", True) in list(bulk_updates(source))
