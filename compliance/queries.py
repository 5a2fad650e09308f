"""Rows that several pages ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.shortcuts import get_object_or_404

from accounts.parameters import number
from accounts.roles import Kind
from compliance.gravity import RANKS, UNRANKED
from compliance.models import Check, CorrectiveAction, Finding, FindingEvent
from compliance.remedies.actions import OPEN, standing
from pilots.chosen import pilot_number
from pilots.models import Participation, Site
from workers.models import Hold, Placement


def placement_or_404(pk: int) -> Placement:
    """A placement in sight, with the person, the place and the step."""
    rows = Placement.objects.select_related("person", "state", "site", "employer", "cohort", "pilot")
    return get_object_or_404(rows, pk=pk)


def asked_findings(given: Mapping[str, str]) -> QuerySet[Finding]:
    """Findings under the filters of their page: state (open unless another is asked for), code, severity, pilot,
    employer or recruiter (of the worker), place of work (of the worker, or the place itself)."""
    state = given.get("state", "open")
    rows = Finding.objects.filter(state=state if state in Finding.State.values else "open")
    if given.get("code"):
        rows = rows.filter(code=given["code"].strip().upper())
    if given.get("severity") in RANKS:
        rows = rows.filter(severity=given["severity"])
    if (pilot := pilot_number(given.get("pilot", ""))) is not None:
        rows = rows.filter(pilot_id=pilot)
    if (partner := number(given.get("partner", ""))) is not None:
        rows = rows.filter(Q(employer_id=partner) | Q(placement__recruiter_id=partner))
    if (site := number(given.get("site", ""))) is not None:
        rows = rows.filter(Q(site_id=site) | Q(placement__site_id=site))
    return rows


def partners_of_findings() -> list[tuple[str, str]]:
    """(id, name) of the employers and recruiters of the reader's pilots, to choose from."""
    kinds = (Kind.EMPLOYER.value, Kind.RECRUITER.value)
    rows = Participation.objects.filter(kind__in=kinds, left_on__isnull=True).order_by("organisation__name")
    return [(str(pk), name) for pk, name in rows.values_list("organisation_id", "organisation__name").distinct()]


def sites_to_choose() -> list[tuple[str, str]]:
    """(id, name) of the places of work of the reader's pilots, to choose from."""
    return [(str(pk), name) for pk, name in Site.objects.order_by("name", "pk").values_list("pk", "name")[:300]]


def ranked(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Findings with ``rank``, gravest and longest due first."""
    rank = Case(
        *(When(severity=code, then=Value(n)) for code, n in RANKS.items()),
        default=Value(UNRANKED),
        output_field=IntegerField(),
    )
    return findings.annotate(rank=rank).order_by("rank", "due_on", "pk")


def rank_of(finding: Finding) -> int:
    """Its place by severity, as ``ranked`` orders."""
    return RANKS.get(finding.severity, UNRANKED)


def page_of_findings(
    findings: QuerySet[Finding], *, after: tuple[int, date, int] | None = None, limit: int = 50
) -> list[Finding]:
    """One page, with one row more than ``limit`` where there is a next page; ``after`` is the last row before it."""
    rows = ranked(findings).select_related(
        "placement__person", "placement__site", "placement__employer", "pilot", "placement__state", "answer", "site"
    )
    if after is not None:
        rank, on, pk = after
        rows = rows.filter(Q(rank__gt=rank) | Q(rank=rank, due_on__gt=on) | Q(rank=rank, due_on=on, pk__gt=pk))
    return list(rows[: limit + 1])


def open_counts(findings: QuerySet[Finding], on: date) -> list[Mapping[str, object]]:
    """Open findings by severity: how many, and how many of them past their day."""
    rows = findings.filter(state=Finding.State.OPEN).values("severity")
    found = {
        row["severity"]: row
        for row in rows.annotate(total=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on))).order_by()
    }
    return [found.get(code, {"severity": code, "total": 0, "late": 0}) for code in RANKS if code != "minor"]


@dataclass(frozen=True, slots=True)
class PlacementRecord:
    """What compliance knows of one placement, in the reader's sight."""

    checks: list[Check]
    findings: list[Finding]
    holds: list[Hold]
    events: list[FindingEvent]

    @property
    def open(self) -> list[Finding]:
        """Findings that are not settled: open, or let stand for a while."""
        return [f for f in self.findings if f.state != Finding.State.RESOLVED]

    @property
    def indicators(self) -> list[str]:
        """Distinct indicators that open findings touch, in the order first met; not those told in confidence."""
        seen = (f for f in self.findings if f.state == Finding.State.OPEN and not f.restricted)
        return list(dict.fromkeys(code for f in seen for code in f.indicators))


def record_of(placement_id: int, *, checks: int = 20) -> PlacementRecord:
    """The newest checks, the findings with their events, and the standing holds of a placement: four statements."""
    findings = list(ranked(Finding.objects.filter(placement_id=placement_id)))
    return PlacementRecord(
        checks=list(
            Check.objects.filter(placement_id=placement_id)
            .select_related("organisation")
            .annotate(
                answered=Count("answers"),
                failed=Count("answers", filter=Q(answers__failed=True)),
                unverified=Count("answers", filter=Q(answers__answer="not verified")),
            )
            .order_by("-done_on", "-pk")[:checks]
        ),
        findings=findings,
        holds=standing_holds([placement_id]),
        events=events_of([f.pk for f in findings]),
    )


def standing_holds(placement_ids: Iterable[int]) -> list[Hold]:
    """Holds that stand now."""
    rows = Hold.objects.filter(placement_id__in=list(placement_ids), lifted_at__isnull=True)
    return list(rows.select_related("owner").order_by("pk"))


def who_can_act(finding_ids: list[int]) -> dict[int, str]:
    """finding id → who can act on it now: to whom its newest action was put, else who can lift its hold; two statements."""
    holds = Hold.objects.filter(
        source__in=[f"finding:{pk}" for pk in finding_ids], lifted_at__isnull=True, owner__isnull=False
    )
    found = {int(source.partition(":")[2]): name for source, name in holds.values_list("source", "owner__name")}
    put = standing(CorrectiveAction.objects.filter(finding__in=finding_ids), OPEN).order_by("pk")
    return found | dict(put.values_list("finding_id", "owner__name"))


def events_of(finding_ids: Iterable[int]) -> list[FindingEvent]:
    """What happened to these findings, newest first."""
    rows = FindingEvent.objects.filter(finding_id__in=list(finding_ids)).select_related("organisation", "finding")
    return list(rows.order_by(F("recorded_at").desc(), "-pk"))
