"""The check catalogue: 96 items as data in `checks.toml`, read and checked by `reader.py`."""
