"""The one timeline of a placement: moves, pay, checks, findings, contacts, documents and notes, in the order of their days.

``table.KINDS`` names what can stand there: each kind says in the database's own words which rows are about a placement, on
which day they fall and what is to be said of them. Kinds of higher apps are added by the roof, by name
(``lamp_portal/timeline.py``). The door is ``door.page``: one statement a page whatever the life of the placement was, paged
by key. A kind whose table the reader's role may not read is not asked for, and its filter is not there.
"""
