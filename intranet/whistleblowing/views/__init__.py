"""The public pages and those of the recipients."""
