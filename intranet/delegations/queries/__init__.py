"""Reads of the register, by who asks."""
