"""Roll-ups per cohort and month: what is counted (``sources.py``), marked (``marking.py``), computed, read and checked."""
