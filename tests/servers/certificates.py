"""Throw-away certificate authorities and server certificates: right, wrong name, expired."""

from __future__ import annotations

import subprocess
from pathlib import Path

_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
LONG_AGO = ("20200101000000Z", "20200201000000Z")


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_authority(folder: Path, name: str) -> None:
    """Make `name.pem` and `name.key`."""
    _openssl(
        folder, "req", "-x509", *_NEW_KEY, "-keyout", f"{name}.key", "-out", f"{name}.pem",
        "-days", "2", "-subj", f"/CN=Test {name}",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip


def make_server(folder: Path, name: str, names: str, *, expired: bool = False) -> None:
    """Make `name.pem` and `name.key`, signed by `ca`, for the subject alternative names."""
    (folder / f"{name}.ext").write_text(
        f"subjectAltName={names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n"
    )
    _openssl(
        folder, "req", *_NEW_KEY, "-keyout", f"{name}.key", "-out", f"{name}.csr",
        "-subj", "/CN=test",
    )  # fmt: skip
    if not expired:
        _openssl(
            folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem",
        )  # fmt: skip
        return
    # Only `openssl ca` takes dates in the past.
    (folder / "ca.cnf").write_text(
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\n"
        "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n"
    )
    (folder / "index.txt").write_text("")
    _openssl(
        folder, "ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key",
        "-startdate", LONG_AGO[0], "-enddate", LONG_AGO[1], "-extfile", f"{name}.ext",
        "-in", f"{name}.csr", "-out", f"{name}.pem", "-notext",
    )  # fmt: skip


def make_all(folder: Path, host: str = "localhost") -> None:
    """Make the authority, a foreign one, and the three server certificates."""
    make_authority(folder, "ca")
    make_authority(folder, "foreign")
    make_server(folder, "server", f"DNS:{host},IP:127.0.0.1")
    make_server(folder, "wrong_name", "DNS:ldap.annen-kommune.example")
    make_server(folder, "expired", f"DNS:{host}", expired=True)
