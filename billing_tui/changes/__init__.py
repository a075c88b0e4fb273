"""A write: planned from fresh reads, confirmed, compared again, applied, verified, journalled. There is no other way."""
