"""What is done with a whistleblowing case. Nothing here commits."""
