"""What is done with backups: take one, look through one, put one back."""
