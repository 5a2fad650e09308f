"""The rules of each scheme as dated, sourced data: one TOML file a scheme, read by `reader.py`."""
