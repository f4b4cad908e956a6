"""What is done in the library, by subject. Never commits."""
