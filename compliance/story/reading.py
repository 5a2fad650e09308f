"""The facts of a story, as the reader's role may read them: one statement a kind, however many placements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, CharField, Count, DateField, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, JSONObject

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from compliance.models import Check, ContactAttempt, CorrectiveAction, Finding
from compliance.queries import ranked
from compliance.remedies.actions import standing
from compliance.remedies.balances import Balance, balances
from workers.agreed import held
from workers.models import (
    ContractVersion,
    CostItem,
    Debt,
    DeductionAgreement,
    Hold,
    HousingStay,
    IdentityDocument,
    Insurance,
    JourneyEvent,
    PayRecord,
    Placement,
    RoomInspection,
    TrainingRecord,
    Travel,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A plain fact with its day: a paper, a training, an insurance, a travel, a visit that reached nobody.

    ``what`` and ``more`` are codes or names of the kind's own; ``flag``: a paper that was replaced, a training passed.
    """

    kind: str
    owner_id: int
    on: date | None
    until: date | None
    what: str
    more: str
    flag: bool | None


@dataclass(slots=True)
class Told:
    """What is known of one placement. ``sees``: names of parts the reader's role may read, empty or not."""

    placement: Placement
    sees: frozenset[str]
    events: list[JourneyEvent] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    contracts: list[ContractVersion] = field(default_factory=list)
    pay: list[PayRecord] = field(default_factory=list)
    deductions: list[DeductionAgreement] = field(default_factory=list)
    costs: list[CostItem] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    stays: list[HousingStay] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    balances: dict[int, Balance] = field(default_factory=dict)
    actions: dict[int, list[CorrectiveAction]] = field(default_factory=dict)
    dated: list[Dated] = field(default_factory=list)

    def of(self, kind: str) -> list[Dated]:
        """The dated facts of one kind, oldest first; what has no day stands last."""
        return sorted((d for d in self.dated if d.kind == kind), key=lambda d: d.on or date.max)


PARTS: dict[str, tuple[type[Model], Permission | None]] = {
    "contracts": (ContractVersion, None),
    "pay": (PayRecord, Permission.PAY_VIEW),
    "deductions": (DeductionAgreement, Permission.PAY_VIEW),
    "costs": (CostItem, None),
    "debts": (Debt, None),
    "stays": (HousingStay, None),
    "checks": (Check, Permission.CHECK_VIEW),
    "findings": (Finding, Permission.FINDING_VIEW),
    "paper": (IdentityDocument, None),
    "training": (TrainingRecord, None),
    "insurance": (Insurance, None),
    "travel": (Travel, None),
    "attempt": (ContactAttempt, Permission.CHECK_VIEW),
}


def seen_by(by: Scope) -> frozenset[str]:
    """The parts of a story that this role may read: the table, and the verb where a page asks for one."""
    return frozenset(
        name for name, (model, verb) in PARTS.items() if may(model, by.db_role) and (verb is None or by.allows(verb))
    )


def read(placements: Sequence[Placement], *, by: Scope) -> list[Told]:
    """The facts of these placements, each with its own; in the order given. At most thirteen statements."""
    sees = seen_by(by)
    told = {p.pk: Told(p, sees) for p in placements}
    ids = list(told)
    _share(told, "events", JourneyEvent.objects.filter(placement__in=ids).select_related("organisation").order_by("id"))
    _share(told, "holds", Hold.objects.filter(placement__in=ids).select_related("owner").order_by("id"))
    for name, rows in _queries(ids):
        if name in sees:
            _share(told, name, rows)
    if "findings" in sees:
        _follow(told)
    for one in _dated(placements, sees):
        for story in told.values():
            owner = story.placement.person_id if one.kind == "paper" else story.placement.pk
            if owner == one.owner_id:
                story.dated.append(one)
    return list(told.values())


def _share(told: dict[int, Told], name: str, rows: Iterable[Any]) -> None:
    for row in rows:
        getattr(told[row.placement_id], name).append(row)


def _queries(ids: list[int]) -> list[tuple[str, QuerySet[Any]]]:
    """Part → its rows; corrected ones are left out. Not asked of the database before they are walked."""
    mine, standing_rows = {"placement__in": ids}, {"placement__in": ids, "superseded_by__isnull": True}
    seen = RoomInspection.objects.filter(room=OuterRef("room"), superseded_by__isnull=True).order_by("-inspected_on")
    last = seen.values(
        seen=JSONObject(
            area="area", beds="beds", occupants="occupants", most="approved_maximum",
            rent="weekly_rent", currency="currency",
        )
    )[:1]  # fmt: skip
    items = {
        name: ArrayAgg("answers__item", filter=which, default=[], order_by="answers__item")
        for name, which in (
            ("failed_items", Q(answers__failed=True)),
            ("open_items", Q(answers__answer="not verified")),
        )
    }
    return [
        ("contracts", ContractVersion.objects.filter(**standing_rows).order_by("id")),
        ("pay", PayRecord.objects.filter(**standing_rows).order_by("period_start", "id")),
        ("deductions", held(DeductionAgreement.objects.filter(**standing_rows)).order_by("item", "id")),
        ("costs", CostItem.objects.filter(**mine).order_by("paid_on", "id")),
        ("debts", Debt.objects.filter(**mine).order_by("taken_on", "id")),
        ("stays", HousingStay.objects.filter(**mine).select_related("room__site")
         .annotate(seen=Subquery(last), seen_on=Subquery(seen.values("inspected_on")[:1]))
         .order_by("starts_on", "id")),
        ("checks", Check.objects.filter(**mine).select_related("organisation")
         .annotate(answered=Count("answers"), **items).order_by("-done_on", "-pk")),
        ("findings", ranked(Finding.objects.filter(**mine)).select_related("answer")),
    ]  # fmt: skip


def _follow(told: dict[int, Told]) -> None:
    """What findings owe and what was asked of whom, for all placements at once."""
    findings = {f.pk: story for story in told.values() for f in story.findings}
    if not findings:
        return
    for pk, balance in balances(findings).items():
        findings[pk].balances[pk] = balance
    asked: dict[int, list[CorrectiveAction]] = defaultdict(list)
    for action in standing(CorrectiveAction.objects.filter(finding__in=list(findings)).select_related("owner")):
        asked[action.finding_id].append(action)
    for pk, actions in asked.items():
        findings[pk].actions[pk] = actions


NO_DAY = Cast(Value(None), DateField())
NO_FLAG = Cast(Value(None), BooleanField())


def _dated(placements: Sequence[Placement], sees: frozenset[str]) -> list[Dated]:
    """Papers, trainings, insurances, travels and visits that reached nobody, in one statement."""
    ids, people = [p.pk for p in placements], {p.person_id for p in placements}
    parts = [
        _rows(model.objects.filter(**which), kind, owner, **columns)
        for kind, model, which, owner, columns in (
            ("paper", IdentityDocument, {"person__in": people}, "person_id",
             {"on": F("issued_on"), "until": F("expires_on"), "what": F("kind"), "more": F("country"),
              "flag": Q(replaced_at__isnull=False)}),
            ("training", TrainingRecord, {"placement__in": ids}, "placement_id",
             {"on": F("held_on"), "until": NO_DAY, "what": F("course"), "more": Value(""), "flag": F("passed")}),
            ("insurance", Insurance, {"placement__in": ids}, "placement_id",
             {"on": F("joined_on"), "until": F("ends_on"), "what": F("kind"), "more": F("claim"), "flag": NO_FLAG}),
            ("travel", Travel, {"placement__in": ids}, "placement_id",
             {"on": F("departs_on"), "until": F("arrives_on"), "what": F("direction"), "more": F("met_by"),
              "flag": NO_FLAG}),
            ("attempt", ContactAttempt, {"placement__in": ids}, "placement_id",
             {"on": F("tried_on"), "until": F("due_on"), "what": F("reason"), "more": F("stage"), "flag": NO_FLAG}),
        )
        if kind in sees
    ]  # fmt: skip
    if not parts:
        return []
    first, *others = parts
    return [Dated(*row) for row in (first.union(*others, all=True).order_by() if others else first)]


def _rows(rows: QuerySet[Any], kind: str, owner: str, *, on, until, what, more, flag) -> QuerySet[Any]:
    text = CharField()
    found = rows.order_by().annotate(
        a_kind=Value(kind, output_field=text), an_owner=F(owner), a_day=on, an_end=until, a_name=Cast(what, text),
        a_note=Cast(more, text), a_flag=Cast(flag, BooleanField()),
    )  # fmt: skip
    return found.values_list("a_kind", "an_owner", "a_day", "an_end", "a_name", "a_note", "a_flag")
