"""What is kept for how long, and what happens then: ``terms`` is the table, ``forgetting`` does it every night."""
