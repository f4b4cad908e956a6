"""Reads about people; import from the file that holds the subject (units, persons, viewer)."""
