"""Questions that take the screen until they are answered."""
