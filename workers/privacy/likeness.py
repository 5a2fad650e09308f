"""How private the fields of look-alikes and merges are (classes: ``accounts/privacy.py``)."""

from accounts.privacy import INTERNAL, PERSONAL, PSEUDONYMOUS, SENSITIVE, Privacy

FIELDS: dict[str, dict[str, Privacy]] = {
    # A sign may be a passport number or a phone.
    "LikenessSign": {
        "id": INTERNAL,
        "pilot": INTERNAL,
        "person": PSEUDONYMOUS,
        "recruiter": INTERNAL,
        "sign": SENSITIVE,
        "on": PERSONAL,
    },
    "LikenessMark": {"id": INTERNAL, "pilot": INTERNAL, "ids": PSEUDONYMOUS, "at": INTERNAL},
    "LikePair": {
        "id": INTERNAL,
        "pilot": INTERNAL,
        "first": PSEUDONYMOUS,
        "second": PSEUDONYMOUS,
        "points": PSEUDONYMOUS,
        "parts": PERSONAL,
        "facts": INTERNAL,
        "state": PSEUDONYMOUS,
        "found_at": INTERNAL,
        "asked_again": INTERNAL,
        "again_on": INTERNAL,
        "reason": PERSONAL,
        "decided_by": INTERNAL,
        "decided_at": INTERNAL,
    },
    "LikeDecision": {
        "id": INTERNAL,
        "pilot": INTERNAL,
        "pair": PSEUDONYMOUS,
        "answer": PSEUDONYMOUS,
        "points": PSEUDONYMOUS,
        "reason": PERSONAL,
        "user": INTERNAL,
        "recorded_at": INTERNAL,
    },
    "MergeEvent": {
        "id": INTERNAL,
        "pilot": INTERNAL,
        "kind": PSEUDONYMOUS,
        "keep": PSEUDONYMOUS,
        "other": PSEUDONYMOUS,
        "undoes": INTERNAL,
        "reason": PERSONAL,
        "user": INTERNAL,
        "recorded_at": INTERNAL,
        "request": INTERNAL,
    },
    "MergedPerson": {
        "person": PSEUDONYMOUS,
        "pilot": INTERNAL,
        "keep": PSEUDONYMOUS,
        "recruiter": INTERNAL,
        "merged_at": INTERNAL,
    },
}
