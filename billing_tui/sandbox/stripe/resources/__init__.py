"""What each endpoint of the sandbox's Stripe does, one file for each family of objects.

A handler takes a `Call` and returns the object to answer with, unexpanded; refusals are raised.
"""
