"""What a person has set: profiles in a file, secrets around it, and the places on disk."""
