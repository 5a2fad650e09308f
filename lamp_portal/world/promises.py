"""What was promised and given beside pay: contracts, agreed deductions, rooms, insurance, travel. Played for one pilot.

Most of it is as it should be. Here and there a contract got worse on arrival, more was agreed by word than on paper, a
room is too full: what the rules find in the demonstration is planted here.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from accounts.scope import acting_as
from lamp_portal.world import papers, plans
from lamp_portal.world.money import ENDED_WORK, FORTNIGHT
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground
from lamp_portal.world.walking import Walk
from pilots.models import Site
from workers.models import (
    ContractVersion,
    DeductionAgreement,
    HousingStay,
    Insurance,
    Placement,
    Room,
    RoomInspection,
    Travel,
)

PILOT = "tonga-apples"
BEDS = 4
GUARANTEED = Decimal(120)
ITEMS = {"half airfare": "Half airfare"}
# Every so many workers: a contract that got worse, a deduction without paper, less agreed than is taken.
WORSE, UNWRITTEN, TOO_LITTLE, CROWDED = 23, 19, 29, 5


def promises(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Contracts from the signing on; rooms, insurance, travel and deductions of those who went."""
    if plan.slug != PILOT:
        return
    placements = papers.placements_of(plan, ground, walks)
    signed = [walk for walk in walks if walk.day_of("contract_signed")]
    gone = [walk for walk in walks if walk.day_of("departed")]
    with acting_as(ground.hands.of(plan.programme, "programme_officer")):
        sites = {
            site.name: site for site in Site.objects.filter(pilot=ground.pilots[plan.slug]).select_related("employer")
        }
        ContractVersion.objects.bulk_create(
            row
            for n, walk in enumerate(signed)
            for row in _versions(plan, walk, placements[walk.placement_id], sites, n)
        )
        DeductionAgreement.objects.bulk_create(
            row for n, walk in enumerate(gone) for row in _agreements(plan, walk, placements[walk.placement_id], n)
        )
        Insurance.objects.bulk_create(_insured(walk, placements[walk.placement_id]) for walk in gone)
        Travel.objects.bulk_create(row for walk in gone for row in _travels(walk, placements[walk.placement_id]))
        _rooms(plan, gone, placements, sites)


def _about(placement: Placement) -> dict[str, object]:
    return {
        "pilot_id": placement.pilot_id, "placement": placement, "recruiter_id": placement.recruiter_id,
        "employer_id": placement.employer_id,
    }  # fmt: skip


def _versions(
    plan: PilotPlan, walk: Walk, placement: Placement, sites: dict[str, Site], number: int
) -> Iterator[ContractVersion]:
    """The contract as it was signed at home, and as it was met on arrival."""
    order = next(o for o in walk.nomination.cohort.orders if o.task == walk.nomination.order)
    site = sites[plan.site(order.site).name]
    terms = _about(placement) | {
        "language": plans.names(plan.origin)["languages"].split(",")[0].strip(), "employer_name": site.employer.name,
        "site_name": site.name, "occupation": order.task, "starts_on": placement.planned_start,
        "ends_on": placement.planned_end, "hourly_rate": order.rate, "currency": plan.currency,
        "guaranteed_hours": GUARANTEED, "guarantee_period": ContractVersion.Guarantee.FOUR_WEEKS,
        "pay_cycle": ContractVersion.Cycle.FORTNIGHTLY,
        "weekly_deductions": Decimal(sum(d["amount"] for d in plan.pay["deductions"])) * 7 / FORTNIGHT,
    }  # fmt: skip
    yield ContractVersion(**terms, kind=ContractVersion.Kind.SIGNED, signed_on=walk.day_of("contract_signed"))
    if arrived := walk.day_of("arrived"):
        if number % WORSE == WORSE - 1:
            terms |= {"guaranteed_hours": GUARANTEED - 24, "site_name": "Where there is work"}
        yield ContractVersion(**terms, kind=ContractVersion.Kind.ARRIVAL, signed_on=arrived)


def _agreements(plan: PilotPlan, walk: Walk, placement: Placement, number: int) -> Iterator[DeductionAgreement]:
    for place, planned in enumerate(plan.pay["deductions"]):
        if number % UNWRITTEN == UNWRITTEN - 1 and planned["item"] == "transport":
            continue
        periods = planned.get("periods")
        total = None if periods is None else Decimal(planned["amount"] * periods)
        if total is not None and number % TOO_LITTLE == TOO_LITTLE - 1 and place == 3:
            total -= planned["amount"] * 2
        yield DeductionAgreement(
            **_about(placement), item=ITEMS.get(planned["item"], planned["item"].capitalize()), agreed_total=total,
            per_period=Decimal(planned["amount"]), currency=plan.currency, starts_on=walk.day_of("departed"),
            consent_on=walk.day_of("contract_signed"), authority_approval="Listed in the agreement to recruit",
        )  # fmt: skip


def _insured(walk: Walk, placement: Placement) -> Insurance:
    return Insurance(
        **_about(placement), kind="medical", insurer="Harbour Mutual", paid_by="worker",
        joined_on=walk.day_of("departed"), ends_on=placement.planned_end + timedelta(days=14),
    )  # fmt: skip


def _travels(walk: Walk, placement: Placement) -> Iterator[Travel]:
    out, back = walk.day_of("departed"), walk.day_of("left_country")
    yield Travel(
        **_about(placement), direction="out", carrier="Fua'amotu–Auckland", departs_on=out,
        arrives_on=walk.day_of("arrived"), met_by="The employer's driver", paid_by="employer",
    )  # fmt: skip
    if back:
        yield Travel(**_about(placement), direction="back", carrier="Auckland–Fua'amotu", departs_on=back)


def _rooms(plan: PilotPlan, gone: list[Walk], placements: dict[int, Placement], sites: dict[str, Site]) -> None:
    """Rooms of four at each place of work, seen when a cohort moved in; one of five sleeps more than was approved."""
    living: dict[str, list[Walk]] = defaultdict(list)
    for walk in gone:
        order = next(o for o in walk.nomination.cohort.orders if o.task == walk.nomination.order)
        living[plan.site(order.site).name].append(walk)
    rooms: list[Room] = []
    seen: list[RoomInspection] = []
    stays: list[HousingStay] = []
    for name, walks in sorted(living.items()):
        site = sites[name]
        for start in range(0, len(walks), BEDS):
            inside = walks[start : start + BEDS]
            number = start // BEDS + 1
            room = Room(pilot_id=site.pilot_id, site=site, employer_id=site.employer_id, name=f"Room {number}",
                        address=f"{site.name}, house {(number + 3) // 4}")  # fmt: skip
            rooms.append(room)
            crowded = number % CROWDED == 0
            seen.append(RoomInspection(
                pilot_id=site.pilot_id, room=room, employer_id=site.employer_id,
                inspected_on=max(_moved_in(walk) for walk in inside), area=Decimal("18.5"), beds=BEDS,
                occupants=BEDS + 2 if crowded else BEDS, approved_maximum=BEDS, weekly_rent=Decimal(145),
                currency=plan.currency, building="older",
            ))  # fmt: skip
            for walk in inside:
                placement = placements[walk.placement_id]
                stays.append(HousingStay(
                    pilot_id=placement.pilot_id, placement=placement, room=room, employer_id=placement.employer_id,
                    starts_on=_moved_in(walk), ends_on=walk.day_of(*ENDED_WORK),
                ))  # fmt: skip
    Room.objects.bulk_create(rooms)
    RoomInspection.objects.bulk_create(seen)
    HousingStay.objects.bulk_create(stays)


def _moved_in(walk: Walk) -> date:
    day = walk.day_of("arrived", "departed")
    assert day is not None
    return day
