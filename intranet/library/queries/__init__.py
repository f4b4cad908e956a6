"""Reads of the library, by subject."""
