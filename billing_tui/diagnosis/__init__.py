"""From a pasted line to a cause: gather evidence, let rules judge it, weigh what they find, name the remedies."""
