"""Standards, checks, rules, findings, duties, grievances and remedies."""
