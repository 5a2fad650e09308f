"""How long the bytes of evidence are kept. What was told in confidence is not deleted by the clock."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.roles import OPERATOR_DB_ROLE
from compliance.models import AnswerFile, GrievanceFile, StepFile
from workers.files.retention import AT_ONCE, WITHDRAWN_DAYS, Rule, placement_over


class OfCases(Rule):
    """Photos of grievances: no role sees all of them, so the owner's functions name those that were withdrawn."""

    def ids(self, after: int, now: datetime) -> list[tuple[int, str]]:
        """(id, name in the storage) of the next that were withdrawn 30 days ago."""
        before = now - timedelta(days=WITHDRAWN_DAYS)
        with connection.cursor() as cursor:
            cursor.execute("select id, stored_as from compliance_withdrawn_files(%s, %s, %s)", [before, after, AT_ONCE])
            return cursor.fetchall()

    def count(self, now: datetime) -> int:
        """How many were withdrawn 30 days ago, as far as anybody counts: at most a thousand."""
        before = now - timedelta(days=WITHDRAWN_DAYS)
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from compliance_withdrawn_files(%s, %s, %s)", [before, 0, 1000])
            return cursor.fetchone()[0]

    def mark(self, ids: list[int], now: datetime) -> int:
        """Write down that the bytes of these are gone."""
        with connection.cursor() as cursor:
            cursor.execute("select compliance_end_files(%s, %s)", [ids, now])
            return cursor.fetchone()[0]


# Welfare answers: two years after the return. Of harm told in confidence a person decides, with who told it.
RULES: tuple[Rule, ...] = (
    Rule(
        AnswerFile,
        "answer",
        "lamp_safeguarding",
        f"(not r.restricted and {placement_over(2)})",
        _("Two years after the stay was over; told in confidence: only what was withdrawn."),
    ),
    # What a worker sent with a grievance: not by the clock, only what was withdrawn.
    OfCases(GrievanceFile, "grievance", OPERATOR_DB_ROLE, "false", _("Only what was withdrawn.")),
    # What shows that something was mended or paid: as long as pay and costs.
    Rule(
        StepFile,
        "step",
        "lamp_safeguarding",
        "r.happened_on < %(today)s::date - interval '7 years'",
        _("Seven years after it was reported."),
        "(select p.person_id from compliance_correctiveaction a join workers_placement p on p.id = a.placement_id"
        " where a.id = r.action_id)",
    ),
)
