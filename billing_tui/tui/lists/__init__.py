"""The Customers and Subscriptions screens: lists of a whole account, drawn from the cache."""
