"""What is far away: Stripe, Clerk, the app's database and its webhook endpoint. All that waits is async."""
