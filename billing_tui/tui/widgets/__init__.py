"""Small widgets that know nothing of billing."""
