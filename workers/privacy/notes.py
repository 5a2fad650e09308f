"""How private the fields of notes, tasks and what people follow are (classes: ``accounts/privacy.py``)."""

from accounts.privacy import INTERNAL, PERSONAL, PSEUDONYMOUS, Privacy

_WHO = ("id", "pilot", "organisation", "user", "person_name")
_ABOUT = ("placement", "cohort")

FIELDS: dict[str, dict[str, Privacy]] = {
    "Note": {
        **dict.fromkeys((*_WHO, "audience", "told_ids", "corrects", "written_at"), INTERNAL),
        **dict.fromkeys(_ABOUT, PSEUDONYMOUS),
        "text": PERSONAL,
    },
    "Mention": dict.fromkeys((*_WHO, "note", "at"), INTERNAL),
    "Task": {
        **dict.fromkeys(
            (
                *_WHO,
                "told_ids",
                "due_on",
                "for_organisation",
                "for_user",
                "for_name",
                "given_at",
                "done_at",
                "done_name",
            ),
            INTERNAL,
        ),
        **dict.fromkeys(_ABOUT, PSEUDONYMOUS),
        "words": PERSONAL,
    },
    "TaskStep": dict.fromkeys(
        (*_WHO, "task", "kind", "to_organisation", "to_user", "to_name", "told_ids", "at"), INTERNAL
    ),
    "Follow": {
        **dict.fromkeys(("id", "pilot", "organisation", "user", "since"), INTERNAL),
        **dict.fromkeys(("placement_id", "cohort_id", "finding_id"), PSEUDONYMOUS),
    },
}
