"""A worker's whole story on one page: everything the reader may see of one placement, or of a person over the seasons.

``reading`` asks the database, one statement for each kind of fact and whatever the number of placements; ``telling``
puts the facts in the order in which an officer needs them; ``money``, ``contracts`` and ``chapters`` are its parts.
Nothing is stored and nothing judged here: what is wrong is said by findings.
"""
