"""The build of static files: named by content, compressed, skipped when nothing changed."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest

from intranet.web import assets

ROOT = Path(__file__).parents[2]


def test_built_files_are_named_by_their_content_and_compressed(tmp_path: Path) -> None:
    names = assets.build(built=tmp_path / "built")
    styles = tmp_path / "built" / names["app.css"]
    assert re.fullmatch(r"app\.[0-9a-f]{12}\.css", styles.name)
    packed = gzip.decompress(styles.with_name(styles.name + ".gz").read_bytes())
    assert packed == styles.read_bytes()
    for address in re.findall(r"url\(([\w.-]+)\)", styles.read_text(encoding="utf-8")):
        assert (tmp_path / "built" / address).exists(), address


def test_build_is_skipped_when_nothing_changed_and_not_when_a_file_is_damaged(
    tmp_path: Path,
) -> None:
    built = tmp_path / "built"
    names = assets.build(built=built)
    digest = assets.input_digest()
    assert assets.is_current(digest, built)
    assert not assets.is_current("another digest", built)
    (built / names["app.js"]).write_text("half a fi", encoding="utf-8")
    assert not assets.is_current(digest, built)


def test_page_that_was_open_before_a_new_build_still_gets_its_files(tmp_path: Path) -> None:
    built, static = tmp_path / "built", tmp_path / "static"
    shutil.copytree(assets.STATIC, static, ignore=shutil.ignore_patterns("vendor", ".vendor*"))
    generations = []
    for words in ("a{}", "b{}", "c{}"):
        (static / "css" / "zz.css").write_text(words, encoding="utf-8")
        generations.append(assets.build(static, built)["app.css"])
    there = [(built / name).exists() for name in generations]
    assert there == [False, True, True]


def test_fetched_packages_are_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "package-lock.json").write_bytes((ROOT / "package-lock.json").read_bytes())
    stamp = ROOT / "node_modules" / assets.FETCHED
    (tmp_path / "node_modules" / assets.FETCHED).write_bytes(stamp.read_bytes())
    assert assets.fetch_packages(tmp_path) is False


def test_style_sheet_that_points_at_nothing_is_refused() -> None:
    with pytest.raises(assets.BuildError, match=r"borte\.svg"):
        assets._point_at_built("a { background: url(borte.svg) }", {})


def test_lock_file_pins_by_hash_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for version in (*wanted["dependencies"].values(), *wanted["devDependencies"].values()):
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), version


def test_first_visit_stays_within_the_budget_of_bytes(tmp_path: Path) -> None:
    names = assets.build(built=tmp_path / "built")
    first = [
        tmp_path / "built" / f"{names[name]}.gz" for name in ("app.css", "app.js", "icons.svg")
    ]
    first.append(tmp_path / "built" / names["inter-latin.woff2"])
    assert sum(path.stat().st_size for path in first) < 112_000  # The page itself is below 8 kB.
