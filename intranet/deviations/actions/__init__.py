"""What people and the clock do with deviations; import from the file that holds the subject."""
