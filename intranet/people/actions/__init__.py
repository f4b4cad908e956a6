"""Changes to people; import from the file that holds the subject."""
