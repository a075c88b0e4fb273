"""The checks from test to live."""
