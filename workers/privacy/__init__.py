"""How private each field of the workers app is (classes: ``accounts/privacy.py``)."""

from accounts.privacy import Privacy
from workers.files import privacy as files
from workers.privacy import acts, exports, facts, likeness, notes, people, rollups, sheets

FIELDS: dict[str, dict[str, Privacy]] = {
    **people.FIELDS,
    **acts.FIELDS,
    **facts.FIELDS,
    **likeness.FIELDS,
    **rollups.FIELDS,
    **sheets.FIELDS,
    **exports.FIELDS,
    **files.FIELDS,
    **notes.FIELDS,
}
