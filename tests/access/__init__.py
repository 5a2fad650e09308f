"""The access table: for every address, what each of the cast gets. Data; the loop is in tests/guards/test_access.py.

Each module has ``PAGES``: (address name, {argument: "kind=key" or value}, {person: status}). People left out of a
row get ``EVERYBODY_ELSE`` of their kind: 302 to sign-in for zed's lack of an organisation. ``RESOLVE`` may add kinds:
{"finding": function(cast, key) -> value}.
"""
