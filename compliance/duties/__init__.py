"""Who owes what by when: the clocks of the scheme files, started by facts, stopped by facts or by proof.

The door is ``compliance.duties.door.due``; the table is the ``[[duty]]`` rows of ``pilots/schemes/*.toml``.
"""
