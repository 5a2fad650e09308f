"""Surveys of workers before departure and after return: what is asked when, and what came of it."""
