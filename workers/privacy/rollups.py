"""How private the fields of roll-ups are (classes: ``accounts/privacy.py``): counts, of nobody by name."""

from accounts.privacy import INTERNAL, Privacy

FIELDS: dict[str, dict[str, Privacy]] = {
    "Rollup": dict.fromkeys(("id", "pilot", "cohort", "measure", "month", "key", "value", "n", "amount"), INTERNAL),
    "RollupMark": dict.fromkeys(("id", "pilot", "source", "cohorts", "months", "at"), INTERNAL),
}
