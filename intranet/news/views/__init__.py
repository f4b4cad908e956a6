"""The pages of news, by subject."""
