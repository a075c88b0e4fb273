"""The Go-live screen."""
