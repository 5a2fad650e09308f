"""One placement with all the facts around it that the reader's role may see; one statement a kind of fact."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.roles import Permission
from accounts.rows import may
from accounts.scope import Scope
from workers.files.records import KEPT_FILES
from workers.journey.missing import lacking
from workers.journey.steps import PREPARATION, RECRUITMENT, STEP
from workers.models import (
    Consent,
    CostItem,
    Hold,
    IdentityDocument,
    JourneyEvent,
    PayRecord,
    Person,
    PersonBackground,
    PersonContact,
    Placement,
    TrainingRecord,
)
from workers.promised import for_days

CENT = Decimal("0.01")


@dataclass(slots=True)
class Facts:
    """What is known of a placement. ``None`` where the reader's role has no such table; a list where it may be empty."""

    placement: Placement
    events: list[JourneyEvent]
    holds: list[Hold]
    missing: tuple[str, ...]
    documents: list[IdentityDocument] | None = None
    consents: list[Consent] | None = None
    trainings: list[TrainingRecord] | None = None
    pay: list[PayRecord] | None = None
    costs: list[CostItem] | None = None
    contact: PersonContact | None = None
    background: PersonBackground | None = None
    sees: frozenset[str] = field(default_factory=frozenset)

    def standing(self, today: date) -> list[Hold]:
        """Holds that stop the placement today."""
        return [h for h in self.holds if h.lifted_at is None and (h.until is None or h.until >= today)]


def sees_lacking(by: Scope) -> bool:
    """Whether this role is told which papers are missing: those who may read the papers."""
    return may(IdentityDocument, by.db_role)


def one(pk: int) -> Placement:
    """The placement with its surroundings; 404 where the scope does not see it."""
    rows = Placement.objects.select_related(
        "person", "state", "cohort", "pilot", "recruiter", "employer", "site", "job_order"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("placement")
    return found


def facts_of(placement: Placement, *, by: Scope, today: date) -> Facts:
    """Everything around it that this role may read."""
    before = STEP[placement.state.step].phase in (RECRUITMENT, PREPARATION)
    facts = Facts(
        placement,
        events=list(JourneyEvent.objects.filter(placement=placement).select_related("user", "organisation")),
        holds=list(Hold.objects.filter(placement=placement).select_related("owner", "lifted_by")),
        missing=lacking([placement.pk], by=by, today=today).get(placement.pk, ())
        if before and sees_lacking(by)
        else (),
    )
    person = {"person_id": placement.person_id}
    if may(IdentityDocument, by.db_role):
        facts.documents = list(
            IdentityDocument.objects.filter(**person)
            .annotate(kept_files=KEPT_FILES)
            .order_by("kind", "-expires_on", "id")
        )
    if may(Consent, by.db_role):
        facts.consents = list(Consent.objects.filter(**person).order_by("purpose", "-given_on", "id"))
    if may(TrainingRecord, by.db_role):
        facts.trainings = list(TrainingRecord.objects.filter(placement=placement).annotate(kept_files=KEPT_FILES))
    if may(PayRecord, by.db_role) and by.allows(Permission.PAY_VIEW):
        facts.pay = list(PayRecord.objects.filter(placement=placement, superseded_by__isnull=True))
    if may(CostItem, by.db_role):
        facts.costs = list(CostItem.objects.filter(placement=placement).annotate(kept_files=KEPT_FILES))
    if may(PersonContact, by.db_role):
        facts.contact = PersonContact.objects.filter(**person).first()
    if may(PersonBackground, by.db_role) and by.allows(Permission.BACKGROUND_VIEW):
        facts.background = PersonBackground.objects.filter(**person).first()
    facts.sees = frozenset(
        name for name, model in (("contact", PersonContact), ("background", PersonBackground)) if may(model, by.db_role)
    )
    return facts


@dataclass(frozen=True, slots=True)
class PayLine:
    """One pay period: what the job order promised for its days, and what was paid."""

    record: PayRecord
    promised: Decimal | None

    @property
    def taken_off(self) -> Decimal:
        """Tax and deductions together."""
        return self.record.tax + self.record.deductions

    @property
    def items(self) -> list[tuple[str, str]]:
        """The pension and each item of the deductions, as the payslip has them."""
        pension = [(_("pension"), f"{self.record.pension:.2f}")] if self.record.pension else []
        return pension + sorted(self.record.items.items())

    @property
    def short(self) -> bool:
        """Whether less was paid than promised."""
        return self.promised is not None and self.record.gross < self.promised


def pay_lines(facts: Facts) -> list[PayLine]:
    """Pay periods beside the gross pay that the job order's rate and hours promise for as many days."""
    order = facts.placement.job_order
    lines = []
    for record in facts.pay or ():
        promised = None
        if order is not None and order.currency == record.currency:
            days = (record.period_end - record.period_start).days + 1
            exact = order.hourly_rate * for_days(order.hours_per_week, days)
            promised = exact.quantize(CENT, ROUND_HALF_UP)
        lines.append(PayLine(record, promised))
    return lines


def pay_sum(lines: list[PayLine]) -> dict | None:
    """Totals over the periods that can be compared (one currency, with a promise), or none."""
    known = [line for line in lines if line.promised is not None]
    if not known:
        return None
    promised = sum((line.promised or Decimal(0) for line in known), Decimal(0))
    gross = sum((line.record.gross for line in known), Decimal(0))
    return {
        "periods": len(known),
        "promised": promised,
        "gross": gross,
        "net": sum((line.record.net for line in known), Decimal(0)),
        "share": gross / promised if promised else None,
        "currency": known[0].record.currency,
    }


def cost_sums(costs: list[CostItem]) -> list[dict]:
    """What the worker paid, and got back, by currency."""
    sums: dict[str, dict] = {}
    for item in costs:
        if item.paid_by == CostItem.Payer.WORKER:
            row = sums.setdefault(item.currency, {"currency": item.currency, "paid": Decimal(0), "back": Decimal(0)})
            row["paid"] += item.amount
            row["back"] += item.reimbursed
    return list(sums.values())


def age_on(born: date | None, today: date) -> int | None:
    """Completed years on a day."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def person_with_placements(pk: int) -> tuple[Person, list[Placement]]:
    """A person and all placements of theirs that the scope sees, also those on records merged with this one, newest
    first; 404 where it sees no such person."""
    found = Person.objects.select_related("pilot", "recruiter").filter(pk=pk).first()
    if found is None:
        raise Http404("person")
    rows = Placement.objects.filter(person__in=[found.pk, *records_of(found)]).select_related(
        "state", "cohort", "pilot", "employer", "person"
    )
    return found, list(rows.annotate(moves=Count("events")).order_by("-planned_start", "-pk"))


def records_of(person: Person) -> dict[int, Person]:
    """The other records of the same person, among those the scope sees: id -> record, in one statement."""
    same = RawSQL("select s.other_id from workers_same s where s.person_id = %s", [person.pk])
    return {other.pk: other for other in Person.objects.filter(pk__in=same).order_by("pk")}


def people_without_open_placement(pilot_id: int) -> QuerySet[Person]:
    """People of a pilot who stand in no cohort now: never nominated, or with every placement ended."""
    ended = [code for code, step in STEP.items() if step.is_end]
    return (
        Person.objects.filter(pilot_id=pilot_id, merged__isnull=True)
        .annotate(
            open_now=Count("placements", filter=~Q(placements__state__step__in=ended)), seasons=Count("placements")
        )
        .filter(open_now=0)
        .select_related("recruiter")
    )
