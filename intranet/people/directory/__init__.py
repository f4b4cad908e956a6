"""Active Directory and OpenLDAP behind `snapshot.Directory`; the only package that knows ldap3."""
