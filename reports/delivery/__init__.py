"""Delivery: when which reader gets which report, who was told, who took it, and what they said to it."""
