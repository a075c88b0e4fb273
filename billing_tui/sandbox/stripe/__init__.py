"""The sandbox's Stripe: its state, its objects in wire shape, and the HTTP in front of them."""
