"""What knows the request and no domain."""
