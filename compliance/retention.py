"""How long the bytes of evidence are kept. What was told in confidence is not deleted by the clock."""

from datetime import datetime, timedelta

from django.db import connection

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

    def mark(self, ids: list[int], now: datetime) -> int:
        """Write down that the bytes of these are gone."""
        with connection.cursor() as cursor:
            cursor.execute("select compliance_end_files(%s, %s)", [ids, now])
            return cursor.fetchone()[0]


# Welfare answers: two years after the return. Of harm told in confidence a person decides, with who told it.
RULES: tuple[Rule, ...] = (
    Rule(AnswerFile, "answer", "lamp_safeguarding", f"(not r.restricted and {placement_over(2)})"),
    # What a worker sent with a grievance: not by the clock, only what was withdrawn.
    OfCases(GrievanceFile, "grievance", OPERATOR_DB_ROLE, "false"),
    # What shows that something was mended or paid: as long as pay and costs.
    Rule(StepFile, "step", "lamp_safeguarding", "r.happened_on < %(today)s::date - interval '7 years'"),
)
