"""Reads laws: lists, pages, names and editions."""
