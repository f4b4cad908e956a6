"""Persons, units, leaders, roles and stand-ins, kept in step with the directory."""
