"""Laws and regulations from Lovdata's public data."""
