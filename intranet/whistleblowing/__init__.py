"""Whistleblowing (arbeidsmiljøloven chapter 2 A): a case type of its own that few may know of."""
