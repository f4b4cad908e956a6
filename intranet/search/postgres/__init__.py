"""The index in the application's own PostgreSQL, shared by every process and every machine."""
