"""The pages of the workers app, one module per noun."""
