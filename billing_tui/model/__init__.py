"""The words of the field: frozen structs and pure functions, no I/O and no clock, for every floor to use."""
