"""Requests of papers: who is asked to bring what, for whom, by when, and what has come since."""
