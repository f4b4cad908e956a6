"""What is due by the clock: the jobs process, its lease and its health."""
