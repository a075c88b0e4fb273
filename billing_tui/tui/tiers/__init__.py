"""The Tiers screen: what the app sells, as Stripe's catalogue and the subscriptions have it, test and live side by side."""
