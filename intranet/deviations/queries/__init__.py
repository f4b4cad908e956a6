"""Reads about deviations; import from the file that holds the subject."""
