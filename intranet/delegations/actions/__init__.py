"""What is done with delegations, by subject."""
