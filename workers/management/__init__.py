"""Commands of the workers app."""
