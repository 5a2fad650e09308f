"""Lists as files: any list of the portal as .xlsx or .csv, as its reader sees it.

``listings.LISTINGS`` names the lists; a list says who may have it, its columns and its rows in SQL. The door is ``door``:
``ask`` for a file, ``make`` it, ``hand_out``. Lists that are kinds of sheets (``of_kinds``) come in the form that
``workers/sheets`` reads, with the version of each row, so that they can be edited and sent again.
"""
