"""Figures of speed, as ratios measured in one run (``make bench``). See docs/performance.md."""
