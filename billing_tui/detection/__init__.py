"""What can be learnt by reading before anything is configured: whose a key is, what it may do, and how an app is laid out."""
