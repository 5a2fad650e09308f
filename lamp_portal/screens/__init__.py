"""The components of the pages: what each tag takes, and how values are written for a reader.

`lamp_portal/templatetags/ui.py` is the table of tag names; `docs/components.md` shows each with an example.
"""
