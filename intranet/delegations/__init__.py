"""Delegations of authority as data: who may do what, how far, given by whom."""
