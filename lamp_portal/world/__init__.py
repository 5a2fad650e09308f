"""The demonstration world: five invented pilots, played through the portal's own doors, the same on every machine.

``playing.play(today)`` is the door; the tables are in ``data/``; ``docs/demonstration.md`` tells who and what is in it.
"""
