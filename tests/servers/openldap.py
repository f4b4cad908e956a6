"""A private OpenLDAP for the tests: own folder, own ports, loopback only, gone afterwards."""

from __future__ import annotations

import base64
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import certificates, openldap_data
from tests.servers.directory_data import SERVICE_PASSWORD, Municipality, ldif, ssha
from tests.servers.postgresql import NOBODY, ServerMissing, free_port

SCHEMA = Path("/etc/ldap/schema")
SUFFIX = openldap_data.SUFFIX
ADMIN = f"cn=admin,{SUFFIX}"
ADMIN_PASSWORD = "admin-1"
# An anonymous bind, and the first byte of any answer to it.
_HELLO = bytes.fromhex("300c020101600702010304008000")
READY_SECONDS = 15


def binary(name: str) -> str:
    """Return where the program is; a missing one fails the suite, it never skips."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        raise ServerMissing(f"{name} is not installed: bash tests/servers/install.sh")
    return found


@dataclass
class OpenLdap:
    """One server. `certificate`: server, wrong_name or expired."""

    town: Municipality
    certificate: str = "server"
    allow_empty_passwords: bool = False
    service_limit: int | None = None
    referral: str = ""
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="intranet-ldap-")))
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)

    def __enter__(self) -> OpenLdap:
        certificates.make_all(self.folder)
        for name in ("config", "data"):
            (self.folder / name).mkdir()
        (self.folder / "config.ldif").write_text(self._config())
        (self.folder / "data.ldif").write_text(ldif(openldap_data.entries(self.town)) + _policies())
        if os.geteuid() == 0:
            user = pwd.getpwnam(NOBODY)
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
        self._load("0", "config.ldif")
        self._load("1", "data.ldif", "-q")
        self.launch()
        return self

    def __exit__(self, *_error: object) -> None:
        self.thaw()
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """Where it answers over TLS."""
        return f"ldaps://localhost:{self.tls_port}"

    @property
    def plain_url(self) -> str:
        """Where it answers in the clear until StartTLS."""
        return f"ldap://localhost:{self.port}"

    @property
    def ca_file(self) -> str:
        """The authority that signed its certificate."""
        return str(self.folder / "ca.pem")

    def table(self, **changes: object) -> dict[str, object]:
        """Return the `[directory]` settings for this server."""
        return {
            "preset": "openldap",
            "urls": [self.url],
            "ca_file": self.ca_file,
            "bind_dn": openldap_data.SERVICE,
            "people_base": openldap_data.PEOPLE,
            "group_base": openldap_data.GROUPS,
            "unit_base": openldap_data.UNITS,
            "unit_groups": "virk-*",
            **changes,
        }

    secret = SERVICE_PASSWORD

    def _as_nobody(self) -> dict[str, object]:
        if os.geteuid() != 0:
            return {}
        user = pwd.getpwnam(NOBODY)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def _load(self, database: str, file: str, *options: str) -> None:
        done = subprocess.run(  # type: ignore[call-overload]
            [binary("slapadd"), "-F", "config", "-n", database, "-l", file, *options],
            cwd=self.folder, capture_output=True, text=True, **self._as_nobody(),
        )  # fmt: skip
        assert done.returncode == 0, f"slapadd: {done.stderr[-1500:]}"

    def launch(self) -> None:
        """Start it and wait until it answers; also after `halt`, on the same ports."""
        with (self.folder / "slapd.log").open("ab") as log:
            self.process = subprocess.Popen(  # type: ignore[call-overload]
                [
                    binary("slapd"), "-d", "0", "-F", "config",
                    "-h", f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.tls_port}",
                ],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **self._as_nobody(),
            )  # fmt: skip
        end = time.monotonic() + READY_SECONDS
        while not self._answers():
            log_text = (self.folder / "slapd.log").read_text(errors="replace")
            assert self.process.poll() is None, f"slapd ended: {log_text[-1500:]}"
            assert time.monotonic() < end, "slapd is not ready"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(_HELLO)
                return connection.recv(64)[:1] == b"\x30"
        except OSError:
            return False

    def halt(self) -> None:
        """Stop it and keep the data."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def freeze(self) -> None:
        """Let it take connections and answer nothing."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it answer again."""
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGCONT)

    def change(self, text: str, program: str = "ldapmodify") -> None:
        """Change entries as the directory's administrator, from LDIF."""
        done = subprocess.run(
            [binary(program), "-x", "-H", f"ldap://127.0.0.1:{self.port}", "-D", ADMIN,
             "-w", ADMIN_PASSWORD],
            input=text, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{program}: {done.stderr}"

    def replace(self, dn: str, attribute: str, value: str) -> None:
        """Give one attribute one value."""
        name, raw = base64.b64encode(dn.encode()), base64.b64encode(value.encode())
        self.change(
            f"dn:: {name.decode()}\nchangetype: modify\nreplace: {attribute}\n"
            f"{attribute}:: {raw.decode()}\n"
        )

    def delete(self, dn: str) -> None:
        """Remove the entry."""
        name = base64.b64encode(dn.encode()).decode()
        self.change(f"dn:: {name}\nchangetype: delete\n")

    def _config(self) -> str:
        service = openldap_data.SERVICE
        limit = "unlimited" if self.service_limit is None else str(self.service_limit)
        lines = CONFIG.format(
            folder=self.folder, certificate=self.certificate, suffix=SUFFIX, admin=ADMIN,
            admin_password=ssha(ADMIN_PASSWORD), service=service, limit=limit, schema=SCHEMA,
            allows="olcAllows: bind_anon_dn" if self.allow_empty_passwords else "",
            referral=f"olcReferral: {self.referral}" if self.referral else "",
        )  # fmt: skip
        return "\n".join(line for line in lines.split("\n") if line != "-") + "\n"


CONFIG = """dn: cn=config
objectClass: olcGlobal
cn: config
olcTLSCACertificateFile: {folder}/ca.pem
olcTLSCertificateFile: {folder}/{certificate}.pem
olcTLSCertificateKeyFile: {folder}/{certificate}.key
{allows:-<1}
{referral:-<1}

dn: cn=module,cn=config
objectClass: olcModuleList
cn: module
olcModulePath: /usr/lib/ldap
olcModuleLoad: back_mdb
olcModuleLoad: memberof
olcModuleLoad: refint
olcModuleLoad: ppolicy

dn: cn=schema,cn=config
objectClass: olcSchemaConfig
cn: schema

include: file://{schema}/core.ldif
include: file://{schema}/cosine.ldif
include: file://{schema}/inetorgperson.ldif

dn: olcDatabase={{-1}}frontend,cn=config
objectClass: olcDatabaseConfig
objectClass: olcFrontendConfig
olcDatabase: {{-1}}frontend
olcAccess: {{0}}to dn.base="" by * read

dn: olcDatabase={{1}}mdb,cn=config
objectClass: olcDatabaseConfig
objectClass: olcMdbConfig
olcDatabase: {{1}}mdb
olcSuffix: {suffix}
olcRootDN: {admin}
olcRootPW: {admin_password}
olcDbDirectory: {folder}/data
olcDbMaxSize: 67108864
olcDbNoSync: TRUE
olcSizeLimit: 500
olcLimits: {{0}}dn.exact="{service}" size.soft={limit} size.hard={limit} size.prtotal={limit}
olcDbIndex: objectClass eq
olcDbIndex: uid,mail,entryUUID eq
olcDbIndex: member eq
olcAccess: {{0}}to attrs=userPassword by self write by anonymous auth by * none
olcAccess: {{1}}to * by self read by dn.exact="{service}" read by * none

dn: olcOverlay={{0}}memberof,olcDatabase={{1}}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcMemberOf
olcOverlay: {{0}}memberof

dn: olcOverlay={{1}}refint,olcDatabase={{1}}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcRefintConfig
olcOverlay: {{1}}refint
olcRefintAttribute: manager member

dn: olcOverlay={{2}}ppolicy,olcDatabase={{1}}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcPPolicyConfig
olcOverlay: {{2}}ppolicy
olcPPolicyDefault: cn=default,ou=policies,{suffix}
olcPPolicyUseLockout: TRUE
olcPPolicyHashCleartext: TRUE
"""


def _policies() -> str:
    return f"""dn: cn=default,ou=policies,{SUFFIX}
objectClass: organizationalRole
objectClass: pwdPolicy
cn: default
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMaxFailure: 3
pwdLockoutDuration: 0
pwdFailureCountInterval: 300
pwdMustChange: TRUE

dn: cn=expires,ou=policies,{SUFFIX}
objectClass: organizationalRole
objectClass: pwdPolicy
cn: expires
pwdAttribute: userPassword
pwdMaxAge: 1
"""
