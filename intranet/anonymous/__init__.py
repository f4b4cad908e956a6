"""Deviation reports without a name: a code instead of a login, and no moment finer than a day."""
