"""Tests of the laws room."""
