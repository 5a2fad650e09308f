"""The first page of governments and funders: the leading figures of their newest edition, and their pilots."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef

from accounts.roles import Permission
from accounts.scope import Scope
from pilots.models import Pilot
from reports.content import Content
from reports.kinds import kinds_for
from reports.models import Edition, Withdrawal
from reports.rendering.view import Glance, view

EDITIONS: Final = 4


def reader(by: Scope, now: datetime) -> dict[str, Any]:
    """Figures with their intervals, what was found and remedied, the newest editions; no person stands on this page."""
    withdrawn = Exists(Withdrawal.objects.filter(edition=OuterRef("pk")))
    own = Edition.objects.filter(~withdrawn).select_related("pilot").order_by("-id")
    editions = list(own.defer("content")[:EDITIONS])
    newest = Edition.objects.only("content").get(pk=editions[0].pk) if editions else None
    pilots = Pilot.objects.select_related("corridor", "programme").annotate(
        cohort_count=Count("cohorts"), first_departure=Min("cohorts__departs_on")
    )
    report = view(Content.from_json(newest.content)) if newest else None
    figures = _under_questions(report.glance) if report else []
    known = [row for row in figures if row.known]
    return {
        "pilots": list(pilots), "editions": editions,
        "report": report, "figures": known or figures, "silent": [row for row in figures if not row.known] if known else [],
        "may_ask": by.allows(Permission.REPORT_REQUEST) and bool(kinds_for(by.kind)),
    }  # fmt: skip


def _under_questions(glance: Iterable[Glance]) -> list[Glance]:
    """The leading figures, each with the question it answers; the report says it once for several."""
    asked, found = "", []
    for row in glance:
        asked = row.question or asked
        found.append(replace(row, question=asked))
    return found
