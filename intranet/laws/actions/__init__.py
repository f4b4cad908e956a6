"""What is done with laws, by subject. Never commits."""
