"""Commands for the whole portal."""
