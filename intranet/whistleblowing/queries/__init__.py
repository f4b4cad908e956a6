"""Reads whistleblowing cases."""
