"""The Drift screen: everyone whose plan in Clerk or the database is not what Stripe says."""
