"""What is recorded of a placement's terms and protection, and of the rooms of a site; one statement a kind of fact."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from pilots.models import Site
from pilots.rulebook import rulebook
from workers.agreed import held
from workers.facts.terms import Balance, Cover, Line, balances, compare, covers, in_order
from workers.models import (
    Ban,
    ContractVersion,
    CostItem,
    Debt,
    DeductionAgreement,
    HousingStay,
    Insurance,
    PayRecord,
    Placement,
    Room,
    RoomInspection,
    Travel,
)


@dataclass(slots=True)
class Terms:
    """The facts of one placement. ``None`` where the reader's role has no such table."""

    versions: list[ContractVersion] | None = None
    lines: list[Line] = field(default_factory=list)
    deductions: list[Balance] | None = None
    covers: list[Cover] | None = None
    insurances: list[Insurance] = field(default_factory=list)
    stays: list[HousingStay] | None = None
    travels: list[Travel] | None = None
    costs: list[CostItem] | None = None
    debts: list[Debt] | None = None
    bans: list[Ban] | None = None


def _standing(model: type) -> QuerySet:
    """Rows that no later row corrects."""
    rows = model._default_manager  # type: ignore[attr-defined]
    return rows.filter(~Exists(rows.filter(supersedes=OuterRef("pk"))))


def terms_of(placement: Placement, *, by: Scope, today: date) -> Terms:
    """Everything about the placement's terms and protection that this role may read."""
    found, mine = Terms(), {"placement": placement}
    if may(ContractVersion, by.db_role):
        found.versions = in_order(_standing(ContractVersion).filter(**mine))
        found.lines = compare(found.versions)
    if may(DeductionAgreement, by.db_role):
        agreements = list(held(_standing(DeductionAgreement).filter(**mine)).order_by("item", "starts_on", "pk"))
        pay = (
            _standing(PayRecord).filter(**mine) if may(PayRecord, by.db_role) and by.allows(Permission.PAY_VIEW) else []
        )
        found.deductions = balances(agreements, pay, today, placement.employer_id)
    if may(Insurance, by.db_role):
        found.insurances = list(Insurance.objects.filter(**mine))
        found.covers = covers(_asked(placement, today), found.insurances, today)
    if may(HousingStay, by.db_role):
        found.stays = stays(HousingStay.objects.filter(**mine).order_by("-starts_on"))
    if may(Travel, by.db_role):
        found.travels = list(Travel.objects.filter(**mine))
    if may(CostItem, by.db_role):
        found.costs = [_with_left(cost) for cost in CostItem.objects.filter(**mine)]
    if may(Debt, by.db_role):
        found.debts = list(Debt.objects.filter(**mine))
    if may(Ban, by.db_role):
        found.bans = list(Ban.objects.filter(person_id=placement.person_id))
    return found


def _with_left(cost: CostItem) -> CostItem:
    """``cost.left``: what the worker still carries; None where somebody else paid."""
    cost.left = cost.amount - cost.reimbursed if cost.paid_by == CostItem.Payer.WORKER else None  # type: ignore[attr-defined]
    return cost


def _asked(placement: Placement, today: date) -> list[str]:
    """The insurances that the scheme asks for, by the rules of the placement's first day (today's before it)."""
    book, day = rulebook(placement.pilot), placement.planned_start or today
    on = day if book.has("insurance_kinds", day) else today
    found = book.parameter("insurance_kinds", on).value if book.has("insurance_kinds", on) else ()
    return [str(kind) for kind in found] if isinstance(found, tuple) else []


def stays(rows: QuerySet[HousingStay]) -> list[HousingStay]:
    """Stays with their rooms and the latest inspection of each (``stay.inspection``, or None)."""
    found = list(rows.select_related("room", "room__site"))
    latest = inspections([stay.room_id for stay in found])
    for stay in found:
        stay.inspection = latest.get(stay.room_id)  # type: ignore[attr-defined]
    return found


def inspections(room_ids: list[int]) -> dict[int, RoomInspection]:
    """Room → its latest inspection as corrected."""
    rows = _standing(RoomInspection).filter(room_id__in=room_ids).order_by("room_id", "-inspected_on", "-pk")
    return {row.room_id: row for row in rows.distinct("room_id")}


@dataclass(frozen=True, slots=True)
class Housed:
    """A room, how it was last found, and who lives there on the day."""

    room: Room
    inspection: RoomInspection | None
    stays: list[HousingStay]

    @property
    def people(self) -> int:
        """The larger of what was counted at the inspection and what is recorded."""
        counted = self.inspection.occupants if self.inspection and self.inspection.occupants is not None else 0
        return max(counted, len(self.stays))

    @property
    def most(self) -> int | None:
        """How many are approved; without an approval, how many beds there are."""
        seen = self.inspection
        if seen is None:
            return None
        return seen.approved_maximum if seen.approved_maximum is not None else seen.beds

    @property
    def crowded(self) -> bool:
        """Whether more live there than are approved."""
        return self.most is not None and self.people > self.most


def site_of(pk: int) -> Site:
    """The site; 404 where the scope does not see it."""
    found = Site.objects.select_related("employer", "pilot").filter(pk=pk).first()
    if found is None:
        raise Http404("site")
    return found


def rooms_of(site: Site, *, today: date) -> list[Housed]:
    """The rooms of a site in three statements."""
    rooms = list(Room.objects.filter(site=site))
    ids = [room.pk for room in rooms]
    latest = inspections(ids)
    living: dict[int, list[HousingStay]] = {}
    now = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    for stay in HousingStay.objects.filter(now, room_id__in=ids).select_related("placement__person"):
        living.setdefault(stay.room_id, []).append(stay)
    return [Housed(room, latest.get(room.pk), living.get(room.pk, [])) for room in rooms]
