"""What the causes of tickets were over time, in a file of its own that names nobody."""
