"""The life of a placement: its steps, the moves between them, and the door that makes them."""
