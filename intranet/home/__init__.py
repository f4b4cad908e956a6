"""Pages that compose what the other rooms know."""
