"""When a person is told by mail: their plan, its clock, and the knock that says something is there at once.

What is told stands in ``lamp_portal/notices/kinds.py``; the mails are sent in ``lamp_portal/notices/sending.py``.
"""
