"""What is done with news, by subject. Never commits."""
