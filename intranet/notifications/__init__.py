"""Notices in the page and mails, written with the change and delivered afterwards."""
