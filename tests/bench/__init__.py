"""How fast the product is: `make bench` measures each bar against a floor or a peer in the same run, and prints one table.

Benchmarks are programs, not tests: nothing in here is collected by pytest, and no test asserts a time.
"""
