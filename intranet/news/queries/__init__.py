"""Reads of news, by subject."""
