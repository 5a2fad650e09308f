"""The roof of the portal: settings, addresses, background work, home pages. Nobody imports it."""

__version__ = "0.1.0"
