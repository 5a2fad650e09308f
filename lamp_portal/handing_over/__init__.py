"""Handing over the work of a member who leaves, and who has how much to do. Door: ``door.py``, table: ``kinds.py``."""
