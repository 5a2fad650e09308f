"""How private a field is: seven classes, what follows from each, and the table of this app.

Every app has a ``privacy.py`` with one table ``FIELDS``: model → field → class. ``lamp_portal/privacy.py`` joins
them, ``manage.py data_dictionary`` prints them, and ``tests/guards/test_privacy.py`` holds them against the models,
the row policies, the admin and what a record calls itself. A new field without a class fails there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Privacy(StrEnum):
    """The classes, from what may stand on a wall to what nobody ever reads."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PSEUDONYMOUS = "pseudonymous"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    RESTRICTED = "restricted"
    SECRET = "secret"  # noqa: S105 - the name of a class

    @property
    def rank(self) -> int:
        """Place in the order: the higher, the more harm a leak does."""
        return list(Privacy).index(self)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a class means and what follows from it. ``retention`` is a proposal for owner and lawyer to set."""

    means: str | Promise
    shown_to: str | Promise
    logged: bool
    exported: str | Promise
    retention: str | Promise


MEANINGS: dict[Privacy, Meaning] = {
    Privacy.PUBLIC: Meaning(
        _("Known to the world: countries, exchange rates."),
        _("Anybody."), True, _("Freely."), _("For good."),
    ),
    Privacy.INTERNAL: Meaning(
        _("How the work is organised: partners, cohorts, dates, the names colleagues sign their work with."),
        _("Members of the organisations that take part, as the row policy says."), True,
        _("In reports and sheets."), _("With the pilot; the audit trail seven years."),
    ),
    Privacy.PSEUDONYMOUS: Meaning(
        _("About one person, whom only a code or a number stands for."),
        _("Whoever may read the placement."), True,
        _("In sheets for those who read the placement; in reports as counts under the disclosure rule."),
        _("Seven years after the placement's end, then only counts."),
    ),
    Privacy.PERSONAL: Meaning(
        _("Says who a person is, or may do so: names, birth, origin, free text, file names."),
        _("Whoever may read the person; never governments and funders."), False,
        _("In sheets, to those who may read it; never in a report."),
        _("Never placed: 24 months after the last contact. Placed: seven years after the end, then anonymised."),
    ),
    Privacy.SENSITIVE: Meaning(
        _("Harms when the wrong partner reads it: papers, pay, debts, contact details, answers about treatment."),
        _("The roles that need it; in a table of its own wherever a reader of the placement must not see it."),
        False, _("In sheets, to those who may read it; in reports as statistics under the disclosure rule."),
        _("Papers until three months after return, answers two years after it, pay and costs seven years."),
    ),
    Privacy.RESTRICTED: Meaning(
        _("Told in confidence: what a worker said alone, cases of harm."),
        _("Welfare officers and the safeguarding lead; of a case only its named readers, each reading recorded."),
        False, _("Never."), _("As agreed with the person and the law, reviewed every year, then deleted securely."),
    ),
    Privacy.SECRET: Meaning(
        _("Opens doors: password hashes, hashes of invitations."),
        _("Nobody."), False, _("Never."), _("As long as it is in use."),
    ),
}  # fmt: skip

PUBLIC, INTERNAL, PSEUDONYMOUS, PERSONAL, SENSITIVE, RESTRICTED, SECRET = Privacy

Fields = Mapping[str, Privacy]
MASK = "•••"


def class_of(fields: Fields, column: str) -> Privacy:
    """The class of a field, named as in the model or as its column; of a name nobody knows, restricted."""
    return fields.get(column) or fields.get(column.removesuffix("_id")) or RESTRICTED


def masked(fields: Fields, values: Mapping[str, object], at_least: Privacy = PERSONAL) -> dict[str, object]:
    """The values with those of class ``at_least`` and above masked, as for a log, a history panel, a message.

    ``fields`` is a model's part of ``FIELDS``; ``values`` are keyed by field or column. A column that the model no
    longer has is masked too. Empty values stay empty: that something is missing is no secret of its own.
    """
    return {
        name: MASK if value not in (None, "") and class_of(fields, name).rank >= at_least.rank else value
        for name, value in values.items()
    }


FIELDS: dict[str, dict[str, Privacy]] = {
    "User": {
        "id": INTERNAL,
        "email": PERSONAL,
        "name": INTERNAL,
        "password": SECRET,
        "last_login": INTERNAL,
        "language": INTERNAL,
        "time_zone": INTERNAL,
        "theme": INTERNAL,
        "first_steps_closed_at": INTERNAL,
        "is_active": INTERNAL,
        "is_staff": INTERNAL,
        "is_superuser": INTERNAL,
        "date_joined": INTERNAL,
    },
    "Organisation": {
        "id": INTERNAL,
        "name": INTERNAL,
        "slug": INTERNAL,
        "kind": INTERNAL,
        "country": INTERNAL,
        "suspended_at": INTERNAL,
        "created_at": INTERNAL,
    },
    "Membership": {
        "id": INTERNAL,
        "user": INTERNAL,
        "organisation": INTERNAL,
        "role": INTERNAL,
        "manages_members": INTERNAL,
        "started_at": INTERNAL,
        "ended_at": INTERNAL,
    },
    "Invitation": {
        "id": INTERNAL,
        "email": PERSONAL,
        "organisation": INTERNAL,
        "role": INTERNAL,
        "manages_members": INTERNAL,
        "token_hash": SECRET,
        "invited_by": INTERNAL,
        "created_at": INTERNAL,
        "expires_at": INTERNAL,
        "accepted_at": INTERNAL,
        "revoked_at": INTERNAL,
    },
    "Job": {
        "id": INTERNAL,
        "kind": INTERNAL,
        "key": INTERNAL,
        "params": INTERNAL,  # ids, dates and choices; never a value of a person
        "organisation": INTERNAL,
        "user": INTERNAL,
        "role": INTERNAL,
        "pilot_id": INTERNAL,
        "state": INTERNAL,
        "attempt": INTERNAL,
        "asked_at": INTERNAL,
        "sent_at": INTERNAL,
        "lease_until": INTERNAL,
        "finished_at": INTERNAL,
        "progress_done": INTERNAL,
        "progress_total": INTERNAL,
        "progress_words": INTERNAL,
        "result": INTERNAL,
        "trouble": INTERNAL,
    },
    "SavedView": {
        "id": INTERNAL,
        "organisation": INTERNAL,
        "user": INTERNAL,
        "listing": INTERNAL,
        "name": INTERNAL,
        "query": INTERNAL,  # choices of filters; words that were searched for are never kept
        "shared": INTERNAL,
        "saved_at": INTERNAL,
    },
    "History": {
        "id": INTERNAL,
        "at": INTERNAL,
        "table_name": INTERNAL,
        "operation": INTERNAL,
        "row_id": PSEUDONYMOUS,
        "row_ids": PSEUDONYMOUS,
        "first_id": PSEUDONYMOUS,
        "last_id": PSEUDONYMOUS,
        "pilot_id": INTERNAL,
        "restricted": INTERNAL,
        "user_id": INTERNAL,
        "organisation_id": INTERNAL,
        "role": INTERNAL,
        "request": INTERNAL,
        # Values of any table; the rows of restricted tables are marked, and no reader's policy shows them.
        "before": SENSITIVE,
    },
    "AuditEvent": {
        "id": INTERNAL,
        "at": INTERNAL,
        "user": INTERNAL,
        "organisation": INTERNAL,
        "pilot_id": INTERNAL,
        "action": INTERNAL,
        "object_kind": INTERNAL,
        "object_id": PSEUDONYMOUS,
        "outcome": INTERNAL,
        "reason": INTERNAL,
        "request": INTERNAL,
        "restricted": INTERNAL,
    },
    "NoticePlan": dict.fromkeys(
        (
            "user",
            "hour",
            "weekday",
            "quiet_from",
            "quiet_until",
            "stopped_at",
            "refused_at",
            "tries",
            "next_try_at",
            "sent_at",
            "made_at",
        ),
        INTERNAL,
    ),
    "NoticeChoice": dict.fromkeys(("id", "user", "kind", "cadence", "told_until"), INTERNAL),
    "NoticeKnock": dict.fromkeys(("id", "user_id", "kind", "at"), INTERNAL),
}
