"""Facts recorded by hand and shown: what was promised, taken from pay, insured, housed, travelled, barred.

``one.record`` is the door: one fact by hand is a sheet of one row, judged and written by the same functions, so that a
page and a sheet never say different things. ``queries`` reads, ``terms`` compares, ``views`` shows.
"""
