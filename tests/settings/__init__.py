"""The configuration file, the places on disk, and where secrets come from."""
