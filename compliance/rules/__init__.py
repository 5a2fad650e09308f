"""The rights rules: what is broken, what is owed, and what cannot be told. The door is ``evaluating.evaluate``."""
