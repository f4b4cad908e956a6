"""A real Active Directory domain controller (Samba) for the tests: needs root and fixed ports."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import certificates, samba_data
from tests.servers.directory_data import DOMAIN, SERVICE_PASSWORD, Municipality, ldif
from tests.servers.openldap import binary

# A loopback address of its own, so that it disturbs no other server on the usual ports.
ADDRESS = "127.0.0.7"
REALM = f"AD.{DOMAIN.upper()}"
READY_SECONDS = 30
# Lets a past pwdLastSet be written: over LDAP it takes only 0 and -1.
PAST_PASSWORD = "local_oid:1.3.6.1.4.1.7165.4.3.12:0"


@dataclass
class Samba:
    """One domain controller in a folder of its own."""

    town: Municipality
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="intranet-ad-")))

    def __enter__(self) -> Samba:
        assert os.geteuid() == 0, "an Active Directory domain controller needs root"
        self._write_config()
        self._provision()
        self._load("directory.ldif", ldif(samba_data.records(self.town)))
        self._load(
            "expired.ldif",
            f"dn: CN=t-pwexpired,{samba_data.CASES}\nchangetype: modify\nreplace: pwdLastSet\n"
            f"pwdLastSet: {samba_data.LONG_AGO}\n",
            f"--controls={PAST_PASSWORD}",
        )
        certificates.make_authority(self.folder, "ca")
        certificates.make_server(self.folder, "server", f"DNS:localhost,IP:{ADDRESS}")
        (self.folder / "server.key").chmod(0o600)
        self.launch()
        return self

    def __exit__(self, *_error: object) -> None:
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    secret = SERVICE_PASSWORD

    @property
    def _conf(self) -> str:
        return str(self.folder / "smb.conf")

    @property
    def _store(self) -> str:
        return str(self.folder / "private" / "sam.ldb")

    @property
    def url(self) -> str:
        """Where it answers over TLS."""
        return f"ldaps://{ADDRESS}"

    @property
    def plain_url(self) -> str:
        """Where it answers in the clear until StartTLS."""
        return f"ldap://{ADDRESS}"

    def table(self, **changes: object) -> dict[str, object]:
        """Return the `[directory]` settings for this server."""
        return {
            "preset": "ad",
            "urls": [self.url],
            "ca_file": str(self.folder / "ca.pem"),
            "bind_dn": samba_data.SERVICE,
            "people_base": samba_data.TOP,
            "group_base": samba_data.GROUPS,
            "unit_base": samba_data.TOP,
            "excluded_bases": [samba_data.SERVICE_FOLDER],
            "unit_groups": "virk-*",
            **changes,
        }

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [binary(name), *arguments], cwd=self.folder, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{name}: {done.stdout[-500:]} {done.stderr[-1500:]}"

    def _write_config(self) -> None:
        names = (
            "private", "lock", "state", "cache", "run", "ncalrpc", "winbindd", "ntp", "dns", "log",
        )  # fmt: skip
        for name in names:
            (self.folder / name).mkdir()
        (self.folder / "smb.conf").write_text(
            CONFIG.format(folder=self.folder, realm=REALM, address=ADDRESS, domain=DOMAIN)
        )

    def _provision(self) -> None:
        self._run(
            "samba-tool", "domain", "provision", "-s", self._conf, f"--realm={REALM}",
            "--domain=FJORDVIK", "--server-role=dc", "--dns-backend=NONE",
            "--adminpass=Admin-Passord-1", "--host-name=dc1", f"--host-ip={ADDRESS}",
        )  # fmt: skip
        self._run(
            "samba-tool", "domain", "passwordsettings", "set", "-s", self._conf,
            "-H", self._store, "--min-pwd-age=0", "--max-pwd-age=90", "--history-length=0",
            "--account-lockout-threshold=3", "--account-lockout-duration=30",
        )  # fmt: skip

    def _load(self, name: str, text: str, *options: str) -> None:
        (self.folder / name).write_text(text)
        self._run("ldbmodify", f"--configfile={self._conf}", "-H", self._store, *options, name)

    def launch(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log" / "samba").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    binary("samba"), "-s", self._conf, "-F", "--no-process-group",
                    "-M", "single", "--debug-stdout",
                ],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        end = time.monotonic() + READY_SECONDS
        while True:
            text = (self.folder / "log" / "samba").read_text(errors="replace")
            assert self.process.poll() is None, f"samba ended: {text[-1500:]}"
            assert time.monotonic() < end, f"samba is not ready: {text[-1500:]}"
            try:
                socket.create_connection((ADDRESS, 636), 1).close()
                return
            except OSError:
                time.sleep(0.05)

    def halt(self) -> None:
        """Stop it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def change(self, text: str) -> None:
        """Change entries as the directory's administrator, over LDAP, from LDIF."""
        environment = {**os.environ, "LDAPTLS_CACERT": str(self.folder / "ca.pem")}
        done = subprocess.run(
            [
                binary("ldapmodify"), "-x", "-H", self.url,
                "-D", f"administrator@{REALM.lower()}", "-w", "Admin-Passord-1",
            ],
            input=text, env=environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"ldapmodify: {done.stderr}"


CONFIG = """[global]
  netbios name = DC1
  workgroup = FJORDVIK
  realm = {realm}
  server role = active directory domain controller
  server services = ldap
  interfaces = {address}/8
  bind interfaces only = yes
  private dir = {folder}/private
  lock directory = {folder}/lock
  state directory = {folder}/state
  cache directory = {folder}/cache
  pid directory = {folder}/run
  ncalrpc dir = {folder}/ncalrpc
  winbindd socket directory = {folder}/winbindd
  ntp signd socket directory = {folder}/ntp
  binddns dir = {folder}/dns
  log file = {folder}/log/log.%m
  logging = file
  tls enabled = yes
  tls keyfile = {folder}/server.key
  tls certfile = {folder}/server.pem
  tls cafile = {folder}/ca.pem
[sysvol]
  path = {folder}/state/sysvol
  read only = no
[netlogon]
  path = {folder}/state/sysvol/netlogon
  read only = no
"""
