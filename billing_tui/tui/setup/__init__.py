"""The first run: a profile set up in a few plain steps, or the demo."""
