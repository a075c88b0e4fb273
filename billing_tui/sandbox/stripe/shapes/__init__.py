"""Complete objects of the pinned API version, one factory for each kind.

A factory builds the wire shape, keeps it in the account and returns it. Expandable fields hold ids. Field names follow
the annotations of the `stripe` package; nothing here decides what happens, only how it looks.
"""
