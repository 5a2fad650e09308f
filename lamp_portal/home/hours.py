"""What needs an employer about hours: workers whose running block will end under what was guaranteed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lamp_portal.home.needs import FEW, Line, Need, joined
from lamp_portal.screens.formats import number
from workers.queries.hours import SiteBlock, short_of_hours


def hours_short(given: Mapping[str, Any], blocks: list[SiteBlock], today: date) -> Need:
    """Workers under the guarantee at the pace of their payslips so far; the furthest under first."""
    count = sum(block.under for block in blocks)
    rows = short_of_hours(given, FEW) if count else []
    lines = [
        Line(
            row.name, reverse("workers:placement", args=[row.placement_id]), code=row.worker_code, due=row.ends,
            note=joined(
                _("%(forecast)s of %(promised)s hours at this pace")
                % {"forecast": number(row.forecast), "promised": number(row.promised)},
                row.site,
            ),
        )
        for row in rows
    ]  # fmt: skip
    return Need(
        "hours", _("Hours under the guarantee"), "clock-alert", count, f"{reverse('workers:list')}?waits=hours",
        _("When the payslips of a running block say that its guaranteed hours will not be reached, the worker stands here while there is time."),
        note=_("forecast for the running block"), tone="critical", lines=lines,
    )  # fmt: skip
