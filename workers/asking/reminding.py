"""Which requests of papers somebody has to be reminded of: from three days before they are due, once a week."""

from datetime import date, timedelta
from typing import Final

from accounts.scope import Scope
from workers.asking.standing import ASKED, OVERDUE, standing
from workers.models import PaperRequest

SOON: Final = timedelta(days=3)
AGAIN: Final = timedelta(days=7)
KEPT: Final = timedelta(days=30)  # after the departure nobody is reminded any more


def remind(today: date, *, by: Scope) -> set[int]:
    """Note the reminders of today; answers the organisations to write to. Asked twice a day, it answers nobody new."""
    rows = PaperRequest.objects.select_for_update(of=("self",)).filter(
        withdrawn_at__isnull=True, due_on__lte=today + SOON, departs_on__gte=today - KEPT
    )
    due = [one for one in rows.order_by("pk") if one.reminded_on is None or one.reminded_on <= today - AGAIN]
    late = [one.asked for one in standing(due, by=by, today=today) if one.state in (ASKED, OVERDUE)]
    PaperRequest.objects.filter(pk__in=[one.pk for one in late]).update(reminded_on=today)
    return {one.asked_id for one in late}
