"""The index's files: damaged, cut, foreign, killed halfway, written by two."""

from __future__ import annotations

import os
import pickle
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from intranet.search.errors import IndexBusy, IndexUnavailable
from intranet.search.index.engine import WhooshEngine as Engine
from intranet.search.index.store import SearchIndex
from intranet.search.query import parse
from intranet.search.ranking import rank
from intranet.search.seal import SEAL_NAME
from tests.search.fake_source import make_entry

KEY = b"a key of the application"
ALL = frozenset({"all"})


def entries(count: int, word: str = "kantina") -> list[object]:
    return [
        make_entry(f"nyhet/{n}", f"Nyhet {n}", f"Møte i {word} nummer{n}") for n in range(count)
    ]


def build(root: Path, count: int = 20) -> SearchIndex:
    index = SearchIndex(root, KEY)
    with index.writing(wait=True):
        index.rebuild(entries(count))  # type: ignore[arg-type]
    return index


def total(engine: Engine, text: str) -> int:
    return engine.ask(lambda snapshot, cache: rank(snapshot, parse(text), ALL, cache=cache).total)


def segment_files(index: SearchIndex) -> list[Path]:
    files = index.current_folder().glob("MAIN_*.*")
    return sorted(files)


def test_the_folder_and_its_files_are_the_owners_alone(tmp_path: Path) -> None:
    index = build(tmp_path / "index")
    assert stat.S_IMODE(index.root.stat().st_mode) == 0o700
    for path in [index.current_folder(), *index.current_folder().iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def damage_nothing_left(index: SearchIndex) -> None:
    for path in index.current_folder().iterdir():
        path.unlink()


def damage_current_gone(index: SearchIndex) -> None:
    (index.root / "CURRENT").unlink()


def damage_current_points_outside(index: SearchIndex) -> None:
    (index.root / "CURRENT").write_text("../../etc")


def damage_cut(index: SearchIndex) -> None:
    path = max(segment_files(index), key=lambda p: p.stat().st_size)
    os.truncate(path, path.stat().st_size // 2)


def damage_flipped_bit(index: SearchIndex) -> None:
    path = max(segment_files(index), key=lambda p: p.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def damage_segment_file_gone(index: SearchIndex) -> None:
    segment_files(index)[0].unlink()


def damage_foreign_seal(index: SearchIndex) -> None:
    seal = index.current_folder() / SEAL_NAME
    mac, content = seal.read_text().split("\n")
    seal.write_text(f"{mac}\n{content.replace('MAIN_', 'MAIM_')}")


def damage_newer_format(index: SearchIndex) -> None:
    other = SearchIndex(index.root, KEY)
    other._sealer._form = "3/newer"
    other._sealer.write(index.current_folder())


def damage_older_format(index: SearchIndex) -> None:
    other = SearchIndex(index.root, KEY)
    other._sealer._form = "2/1"
    other._sealer.write(index.current_folder())


def damage_from_before_the_seals(index: SearchIndex) -> None:
    (index.current_folder() / SEAL_NAME).unlink()


DAMAGES = [
    damage_nothing_left,
    damage_current_gone,
    damage_current_points_outside,
    damage_cut,
    damage_flipped_bit,
    damage_segment_file_gone,
    damage_foreign_seal,
    damage_newer_format,
    damage_older_format,
    damage_from_before_the_seals,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
def test_a_damaged_index_is_noticed_and_built_anew_without_a_restart(
    tmp_path: Path, damage
) -> None:
    """CF-03, UP-07: also one that an older or a newer program wrote."""
    index = build(tmp_path / "index")
    engine = Engine(SearchIndex(index.root, KEY))
    assert total(engine, "kantina") == 20
    damage(index)
    assert not index.is_usable()
    with pytest.raises(IndexUnavailable):
        total(Engine(SearchIndex(index.root, KEY)), "kantina")
    with index.writing(wait=False):
        index.rebuild(entries(3))  # type: ignore[arg-type]
    assert index.is_usable()
    assert total(engine, "kantina") == 3


class Bomb:
    """What a pickle of somebody else's making does when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_no_code_from_the_index_is_run(tmp_path: Path) -> None:
    """CF-03: a pickle put in the place of every file is never read."""
    index = build(tmp_path / "index")
    bomb = pickle.dumps(Bomb(tmp_path / "ran"))
    for path in index.current_folder().iterdir():
        if path.name != SEAL_NAME:
            content = path.read_bytes()
            path.write_bytes(content[:60] + bomb + content[60:])
    with pytest.raises(IndexUnavailable):
        total(Engine(SearchIndex(index.root, KEY)), "kantina")
    assert not (tmp_path / "ran").exists()


def test_another_applications_index_is_refused(tmp_path: Path) -> None:
    index = build(tmp_path / "index")
    assert not SearchIndex(index.root, b"another key").is_usable()


def test_damage_met_while_reading_is_reported(tmp_path: Path) -> None:
    index = build(tmp_path / "index")
    engine = Engine(index)
    with pytest.raises(IndexUnavailable):
        engine.ask(lambda snapshot, cache: (_ for _ in ()).throw(OSError("unreadable")))
    assert not index.is_usable()


def test_a_fault_of_ours_is_not_taken_for_damage(tmp_path: Path) -> None:
    index = build(tmp_path / "index")
    with pytest.raises(ValueError, match="ours"):
        Engine(index).ask(lambda snapshot, cache: (_ for _ in ()).throw(ValueError("ours")))
    assert index.is_usable()


def test_bits_flipped_under_an_open_reader_are_told_from_a_fault_of_ours(tmp_path: Path) -> None:
    """CF-03, UP-07: also one that an older or a newer program wrote."""
    index = build(tmp_path / "index")
    engine = Engine(index)
    assert total(engine, "kantina") == 20
    damage_flipped_bit(index)
    with pytest.raises(IndexUnavailable):
        engine.ask(lambda snapshot, cache: (_ for _ in ()).throw(ValueError("unpacked nonsense")))


def test_an_update_replaces_a_documents_rows(tmp_path: Path) -> None:
    index = build(tmp_path / "index")
    engine = Engine(index)
    assert total(engine, "kantina") == 20
    with index.writing(wait=False):
        index.update(["nyhet/1", "nyhet/2"], [make_entry("nyhet/1", "Fest")])
    assert total(engine, "kantina") == 18
    assert total(engine, "fest") == 1
    assert index.is_usable()


def test_a_rebuild_that_fails_leaves_the_old_index(tmp_path: Path) -> None:
    index = build(tmp_path / "index")

    def failing() -> object:
        yield from entries(5)
        raise RuntimeError

    with pytest.raises(RuntimeError), index.writing(wait=True):
        index.rebuild(failing())  # type: ignore[arg-type]
    assert total(Engine(index), "kantina") == 20
    assert len([p for p in index.root.iterdir() if p.is_dir()]) == 1


def test_a_second_writer_is_told_and_changes_nothing(tmp_path: Path) -> None:
    """CC-10"""
    index = build(tmp_path / "index")
    other = SearchIndex(index.root, KEY)
    with index.writing(wait=True), pytest.raises(IndexBusy), other.writing(wait=False):
        pass


def test_searchers_see_whole_answers_while_two_write(tmp_path: Path) -> None:
    """CC-10: twenty searchers and two writers; nobody is shown an error, all ends level."""
    index = build(tmp_path / "index")
    engine = Engine(index)
    stop = threading.Event()
    seen: set[int] = set()
    faults: list[BaseException] = []

    def search() -> None:
        try:
            while not stop.is_set():
                seen.add(total(engine, "kantina"))
        except BaseException as fault:
            faults.append(fault)

    def write(first: int) -> None:
        own = SearchIndex(index.root, KEY)
        try:
            for n in range(first, first + 6):
                with own.writing(wait=True):
                    own.update([f"nyhet/{n}"], [make_entry(f"nyhet/{n}", "Ny", "kantina")])
        except BaseException as fault:
            faults.append(fault)

    searchers = [threading.Thread(target=search) for _ in range(20)]
    writers = [threading.Thread(target=write, args=(first,)) for first in (100, 200)]
    for thread in [*searchers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in searchers:
        thread.join()
    assert faults == []
    assert seen <= set(range(20, 33))
    assert total(engine, "kantina") == 32


_WRITER = """
import os, sys
from pathlib import Path
from intranet.search.index.store import SearchIndex
from tests.search.fake_source import make_entry
# Everything is imported once; each round is a process of its own, forked before it opens anything.
for line in sys.stdin:
    child = os.fork()
    if child:
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)
        continue
    index = SearchIndex(Path(sys.argv[1]), b"a key of the application")
    number = int(line)
    while True:
        number += 1
        with index.writing(wait=True):
            rows = [make_entry(f"nyhet/{number}#{n}", "Ny", "kantina") for n in range(30)]
            index.update([f"nyhet/{number}"], rows)
        print("wrote", flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_an_index_that_opens(tmp_path: Path) -> None:
    """CF-02: killed over and over in commits; a document's rows are all there or none."""
    index = build(tmp_path / "index")
    began = time.monotonic()
    with index.writing(wait=True):
        rows = [make_entry(f"nyhet/900#{n}", "Ny", "kantina") for n in range(30)]
        index.update(["nyhet/900"], rows)
    one_commit = time.monotonic() - began
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(index.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    sizes = []
    for round_ in range(60):
        writer.stdin.write(f"{1000 * (round_ + 1)}\n")
        writer.stdin.flush()
        child = int(writer.stdout.readline())
        # Half of them die in their first commit, half in a later one, on whatever machine.
        if round_ % 2:
            assert writer.stdout.readline() == "wrote\n"
        time.sleep(one_commit * round_ / 40)
        os.kill(child, signal.SIGKILL)
        while (line := writer.stdout.readline()) != "gone\n":
            assert line == "wrote\n"
        assert index.is_usable()
        sizes.append(total(Engine(index), "kantina"))
        assert (sizes[-1] - 20) % 30 == 0
    writer.stdin.close()
    assert writer.wait(timeout=10) == 0
    writer.stdout.close()
    # They died at work, not before it.
    assert len(set(sizes)) > 20
    with index.writing(wait=False):
        index.update(["nyhet/1"], [make_entry("nyhet/1", "Etterpå", "frisk")])
    assert total(Engine(index), "frisk") == 1
