"""What the pages of the workers app ask, one module per question; each function is one statement, flat in rows."""
