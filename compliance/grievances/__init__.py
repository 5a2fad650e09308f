"""Grievances: filed by staff or by a worker without an account, read by named persons, followed to the end.

Doors: ``filing.file`` and ``intake.file_concern``, ``door.move`` (the table is ``stages.MOVES``), ``readers``, ``identity``,
``offers``, ``glass``, ``reprisal``. What the database itself holds is in ``guarding.py`` and in the row policies.
"""
