"""Procedures and other governing documents."""
