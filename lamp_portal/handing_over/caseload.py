"""The caseload: who of the organisation has how much to do, for whoever manages its members."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet

from accounts.members import members_of
from accounts.models import Membership
from accounts.scope import Scope
from lamp_portal.handing_over.door import require_handing
from lamp_portal.handing_over.staying import led_by, waiting_sheets
from reports.delivery import schedules
from workers.notes.tasks import open_of_organisation, seen


@dataclass(frozen=True, slots=True)
class Load:
    """What is open with one member (``membership``), or with all of them (None): its tasks are the team's."""

    membership: Membership | None
    open: int = 0
    late: int = 0
    oldest: datetime | None = None
    schedules: int = 0
    cases: int = 0
    sheets: int = 0


def caseload(*, by: Scope, today: date) -> list[Load]:
    """Each member's open tasks, how many past their day, since when the oldest, the schedules in their name, the cases they see to
    and the sheets they have not recorded; then whoever has left with something still open; last what is for all of us. A fixed
    number of statements.

    Counted is what the lists show: tasks about records that the reader sees, cases that name the reader.
    """
    require_handing(by)
    rows = seen(open_of_organisation(by)).order_by().values("for_user_id").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)), oldest=Min("given_at")
    )  # fmt: skip
    tasks = {row["for_user_id"]: Load(None, row["n"], row["late"], row["oldest"]) for row in rows}
    named = schedules.counted_by_person(by) if schedules.may_schedule(by) else {}
    cases, sheets = _counted(led_by(None, by), "lead_id"), _counted(waiting_sheets(by), "user_id")
    members = members_of(by)
    gone = {pk for pk in {*tasks, *named, *cases} if pk is not None} - {m.user_id for m in members}
    loads = [
        replace(
            tasks.get(m.user_id, Load(m)), membership=m, schedules=named.get(m.user_id, 0),
            cases=cases.get(m.user_id, 0), sheets=sheets.get(m.user_id, 0),
        )
        for m in [*members, *_left(gone, by)]
    ]  # fmt: skip
    return [*loads, _of_all([tasks[pk] for pk in (None, *gone) if pk in tasks])]


def _counted(rows: QuerySet, by_whom: str) -> dict[int, int]:
    return dict(rows.select_related(None).order_by().values_list(by_whom).annotate(n=Count("pk")))


def _left(users: set[int], by: Scope) -> list[Membership]:
    """The last membership of each that was a member of the organisation once, by name."""
    ended = Membership.objects.filter(organisation_id=by.organisation_id, user_id__in=users, ended_at__isnull=False)
    last = {m.user_id: m for m in ended.select_related("user").order_by("ended_at", "pk")}
    return sorted(last.values(), key=lambda m: (m.user.name, m.pk))


def _of_all(counts: list[Load]) -> Load:
    oldest = min((load.oldest for load in counts if load.oldest), default=None)
    return Load(None, sum(load.open for load in counts), sum(load.late for load in counts), oldest)
