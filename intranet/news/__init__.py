"""News by the units' own editors: written, scheduled, published and expired."""
