"""What is typed: each command parses, calls the workspace, and prints."""
