"""Sessions, logging in and out."""
