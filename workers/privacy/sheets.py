"""How private the fields of sheets are (classes: ``accounts/privacy.py``)."""

from accounts.privacy import INTERNAL, PERSONAL, PSEUDONYMOUS, SENSITIVE, Privacy

FIELDS: dict[str, dict[str, Privacy]] = {
    "ImportBatch": {
        "id": INTERNAL,
        "pilot": INTERNAL,
        "organisation": INTERNAL,
        "user": INTERNAL,
        "cohort": INTERNAL,
        "kind": INTERNAL,
        "file_name": PERSONAL,  # chosen by the sender, who may have put a name into it
        "file_sha256": INTERNAL,
        "options": INTERNAL,
        "state": INTERNAL,
        "trouble": PERSONAL,
        "summary": INTERNAL,
        "uploaded_at": INTERNAL,
        "checked_at": INTERNAL,
        "committed_at": INTERNAL,
        "undone_at": INTERNAL,
        "undone_reason": PERSONAL,
        "forgotten_at": INTERNAL,
        "partial": INTERNAL,
        "restricted": INTERNAL,
    },
    "ImportFile": {
        "batch": INTERNAL,
        "pilot": INTERNAL,
        "organisation": INTERNAL,
        "content": SENSITIVE,
        "restricted": INTERNAL,
    },
    "ImportRow": {
        "id": INTERNAL,
        "pilot": INTERNAL,
        "organisation": INTERNAL,
        "batch": INTERNAL,
        "row_number": INTERNAL,
        "raw": SENSITIVE,
        "clean": SENSITIVE,
        "problems": SENSITIVE,
        "warnings": SENSITIVE,
        "verdict": INTERNAL,
        "changes": SENSITIVE,
        "person_id": PSEUDONYMOUS,
        "placement_id": PSEUDONYMOUS,
        "restricted": INTERNAL,
    },
}
