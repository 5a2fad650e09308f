"""Schemes with dated parameters, corridors, pilots, cohorts and job orders."""
