"""From test to live: checks over both modes at once."""
