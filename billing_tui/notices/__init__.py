"""What needs attention, and what of that somebody has said they know."""
