"""Organisations, people who sign in, their roles, and the scope that decides which rows they see."""
