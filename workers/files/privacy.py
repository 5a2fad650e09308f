"""How private each field of the tables of files is (classes: ``accounts/privacy.py``)."""

from accounts.privacy import INTERNAL, PERSONAL, PSEUDONYMOUS, SENSITIVE, Privacy

# Of every table of files (``workers/models/files.py``). The bytes lie in the storage and are as private as the record.
STORED_FILE: dict[str, Privacy] = {
    "id": PSEUDONYMOUS,
    "pilot": INTERNAL,
    "stored_as": SENSITIVE,  # whoever reaches the storage finds the file by it
    "original_name": PERSONAL,  # people call a file after the person on it
    "media_type": INTERNAL,
    "sent_type": INTERNAL,
    "size": INTERNAL,
    "sha256": PSEUDONYMOUS,
    "sent_sha256": PSEUDONYMOUS,
    "width": INTERNAL,
    "height": INTERNAL,
    "pages": INTERNAL,
    "scanned_by": INTERNAL,
    "user": INTERNAL,
    "organisation": INTERNAL,
    "recorded_at": INTERNAL,
    "withdrawn_at": INTERNAL,
    "withdrawn_by": INTERNAL,
    "withdrawn_reason": PERSONAL,
    "bytes_deleted_at": INTERNAL,
}

FIELDS: dict[str, dict[str, Privacy]] = {
    "DocumentFile": STORED_FILE | {"document": PSEUDONYMOUS, "recruiter": INTERNAL},
    "CostFile": STORED_FILE | {"cost": PSEUDONYMOUS},
    "TrainingFile": STORED_FILE | {"training": PSEUDONYMOUS, "recruiter": INTERNAL, "employer": PSEUDONYMOUS},
}
