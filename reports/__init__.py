"""Reports: metrics, disclosure, editions, and their files."""
