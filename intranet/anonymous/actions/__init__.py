"""Sending without a name, and delivering it later in batches."""
