"""Files, functions and views stay small enough to be read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The aim is 300; a folder of the same name is due before this is reached.
LONGEST_FILE = 330
LONGEST_FUNCTION = 40
LONGEST_INIT = 5


def _sources() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "intranet").rglob("*.py")):
        if "node_modules" not in path.parts:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")


def test_no_file_is_longer_than_can_be_overseen() -> None:
    long = {
        str(path): source.count("\n")
        for path, source in _sources()
        if source.count("\n") > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = []
    for path, source in _sources():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                # Docstrings and the list of parameters are read, not followed.
                length = node.end_lineno - _first_line(node) + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{path}:{node.name} {length}")
    assert long == []


def _first_line(node: ast.FunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return body[0].lineno if body else node.lineno


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path) for path, source in _sources() if not ast.get_docstring(ast.parse(source))]
    assert silent == []


def test_package_doors_hold_a_docstring_and_no_code() -> None:
    """Except the application's own, and that of `models`, which hands on the tables by name."""
    full = []
    for path, source in _sources():
        if path.name != "__init__.py" or path.parent.name == "intranet":
            continue
        tree = ast.parse(source)
        doc = ast.get_docstring(tree) or ""
        code = [node for node in tree.body[1:] if path.parent.name != "models" or _is_code(node)]
        if code or doc.count("\n") >= LONGEST_INIT:
            full.append(str(path))
    assert full == []


def _is_code(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets] != ["__all__"]
    return not isinstance(node, ast.ImportFrom)


def test_application_door_stays_a_table_of_contents() -> None:
    assert (ROOT / "intranet" / "__init__.py").read_text(encoding="utf-8").count("\n") < 60


def test_nothing_is_called_utils() -> None:
    names = [str(path) for path, _s in _sources() if path.stem in ("utils", "helpers", "common")]
    assert names == []


def test_nothing_but_the_transaction_commits() -> None:
    found = [
        str(path)
        for path, source in _sources()
        if "session.commit(" in source and path.name != "transaction.py"
    ]
    assert found == []


def test_nothing_but_the_clock_reads_the_time() -> None:
    found = [
        str(path)
        for path, source in _sources()
        if ("datetime.now(" in source or "date.today(" in source or "utcnow(" in source)
        and path.name != "clock.py"
    ]
    assert found == []
