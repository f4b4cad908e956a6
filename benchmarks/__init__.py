"""Measures against the budgets of the product; run by `make bench`, never by the tests."""
