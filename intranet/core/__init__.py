"""What every room stands on; knows no domain and no web."""
