"""How private the fields of downloads are (classes: ``accounts/privacy.py``)."""

from accounts.privacy import INTERNAL, PERSONAL, SENSITIVE, Privacy

FIELDS: dict[str, dict[str, Privacy]] = {
    "Export": {
        **dict.fromkeys(
            (
                "id", "pilot", "organisation", "user", "role", "pilot_ids", "listing", "format", "row_count", "size", "sha256",
                "asked_at", "made_at", "expires_at", "revoked_at", "deleted_at",
            ),
            INTERNAL,
        ),
        "given": PERSONAL,  # what somebody searched for may be a name
        "recipient": PERSONAL,
    },
    "ExportPiece": {
        **dict.fromkeys(("id", "export", "organisation", "user", "number"), INTERNAL),
        "body": SENSITIVE,
    },
    "ExportSight": dict.fromkeys(("export", "organisation", "user", "keys"), INTERNAL),
}  # fmt: skip
