"""Pages of the pilots app, one module per idea."""
