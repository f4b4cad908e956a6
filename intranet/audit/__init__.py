"""The organisation's record of who did what, chained so that a change shows."""
