"""Backups: one sealed file with the database and the files, and its way back."""
