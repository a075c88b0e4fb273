"""How a profile comes into being: keys tried and kept, proposals to change, a file that is written once and at the end."""
