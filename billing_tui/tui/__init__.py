"""What is seen: the dashboard's frame, its screens and dialogs. It draws the model and asks a desk; it does no I/O itself."""
