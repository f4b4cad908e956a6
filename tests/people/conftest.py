"""One real OpenLDAP for the tests that only read, and fresh ones for those that change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from intranet.people.directory.ldap import LdapDirectory
from intranet.people.directory.ldap_settings import read_ldap_settings
from tests.servers.directory_data import MUNICIPALITY, Municipality
from tests.servers.openldap import OpenLdap

ReadDirectory = Callable[..., LdapDirectory]


@pytest.fixture(scope="session")
def town() -> Municipality:
    """The made-up municipality that the servers hold."""
    return Municipality(220)


@pytest.fixture(scope="session")
def slapd(town: Municipality) -> Iterator[OpenLdap]:
    """A server that tests only read and log in at, each with persons of their own."""
    with OpenLdap(town) as server:
        yield server


@pytest.fixture
def own_slapd(town: Municipality) -> Iterator[OpenLdap]:
    """A server of the test's own, to change or stop."""
    with OpenLdap(town) as server:
        yield server


def directory_of(server: OpenLdap, **changes: object) -> LdapDirectory:
    """Return the product's directory for the server."""
    return LdapDirectory(read_ldap_settings(server.table(**changes), server.secret, MUNICIPALITY))


@pytest.fixture
def directory(slapd: OpenLdap) -> LdapDirectory:
    """The product's directory on the shared server."""
    return directory_of(slapd)
