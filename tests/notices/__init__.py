"""What needs attention, and what somebody has said they know."""
