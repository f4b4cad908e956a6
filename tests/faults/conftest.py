"""Disks that are full for real: a small one in memory, which only the machine's root may mount."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHUNK = 64 * 1024


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that mounts disks as root of a namespace of its own, for those who are not root."""
    if pyfuncitem.get_closest_marker("mounts") is None or os.geteuid() == 0:
        return None
    namespace = ["unshare", "--user", "--map-root-user", "--mount"]
    test = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", pyfuncitem.nodeid]
    done = subprocess.run(
        [*namespace, *test], cwd=pyfuncitem.config.rootpath, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return True


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Put a disk of this size in the place of the folder."""
    folder.mkdir(exist_ok=True)
    size = f"size={megabytes}m,mode=700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no byte on the folder's disk."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            for size in (CHUNK, 512, 1):
                try:
                    while file.write(b"x" * size):
                        pass
                except OSError:
                    continue
        yield
    finally:
        filler.unlink()
