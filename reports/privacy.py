"""How private each field of the reports app is (classes: ``accounts/privacy.py``). An edition holds no person."""

from accounts.privacy import INTERNAL, Privacy

FIELDS: dict[str, dict[str, Privacy]] = {
    "Edition": {
        "id": INTERNAL,
        "pilot": INTERNAL,
        "organisation": INTERNAL,
        "kind": INTERNAL,
        "number": INTERNAL,
        "period_from": INTERNAL,
        "period_to": INTERNAL,
        "as_of": INTERNAL,
        "content": INTERNAL,  # after the disclosure rule: figures, none of which leads back to a person
        "sha256": INTERNAL,
        "job_id": INTERNAL,
        "asked_by": INTERNAL,
        "compiled_at": INTERNAL,
        "supersedes": INTERNAL,
    },
    "EditionFile": {
        "id": INTERNAL,
        "pilot": INTERNAL,
        "organisation": INTERNAL,
        "edition": INTERNAL,
        "name": INTERNAL,
        "media_type": INTERNAL,
        "body": INTERNAL,
        "size": INTERNAL,
        "sha256": INTERNAL,
    },
    "Download": {
        "id": INTERNAL,
        "pilot": INTERNAL,
        "organisation": INTERNAL,
        "edition": INTERNAL,
        "file_name": INTERNAL,
        "user": INTERNAL,
        "at": INTERNAL,
    },
}
