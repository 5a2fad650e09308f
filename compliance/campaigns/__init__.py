"""Random samples of a partner's files: drawn from a stated seed, worked through, published with their uncertainty."""
