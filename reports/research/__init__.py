"""Extracts for research: who agreed to what, what was given, and how nobody can be told from it."""
