"""Rooms at each site for each cohort, how they were found in the first week, and who lives in them."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from accounts.scope import acting_as
from lamp_portal.world import abuses, papers
from lamp_portal.world.plans import PilotPlan
from lamp_portal.world.setting_up import Ground, dates_of
from lamp_portal.world.terms import order_of
from lamp_portal.world.walking import Walk
from pilots.models import Site
from workers.models import HousingStay, Room, RoomInspection

BEDS = 4
AREA = Decimal("20.5")
RENTS = ("rent", "lodging", "dormitory")
GONE = ("left_country", "medical_return", "family_return", "resigned", "dismissed", "disengaged", "deceased")


def housing(plan: PilotPlan, ground: Ground, walks: list[Walk], today: date) -> None:
    """Rooms of four, filled in the order of arrival; one of them holds more than are approved."""
    placements = papers.placements_of(plan, ground, walks)
    groups: dict[tuple[str, str], list[Walk]] = defaultdict(list)
    for walk in walks:
        if walk.day_of("arrived"):
            groups[walk.nomination.cohort.code, order_of(walk).site].append(walk)
    rooms: list[Room] = []
    people: list[list[Walk]] = []
    with acting_as(ground.hands.of(plan.programme, "programme_officer")):
        sites = {site.name: site for site in Site.objects.filter(pilot=ground.pilots[plan.slug])}
        for (code, slug), mine in sorted(groups.items()):
            site = sites[plan.site(slug).name]
            for number, start in enumerate(range(0, len(mine), BEDS)):
                rooms.append(
                    Room(pilot_id=site.pilot_id, site=site, employer_id=site.employer_id,
                         address=f"{site.name}, house {code}", name=str(number + 1))
                )  # fmt: skip
                people.append(mine[start : start + BEDS])
        made = Room.objects.bulk_create(rooms)
        pairs = list(zip(made, people, strict=True))
        RoomInspection.objects.bulk_create(
            _inspection(plan, room, mine, today, crowded=plan.slug == abuses.CROWDED and number == 0)
            for number, (room, mine) in enumerate(pairs)
        )
        HousingStay.objects.bulk_create(
            HousingStay(
                pilot_id=room.pilot_id, placement=placements[walk.placement_id], room=room,
                employer_id=placements[walk.placement_id].employer_id, starts_on=_moved_in(walk),
                ends_on=walk.day_of(*GONE),
            )
            for room, mine in pairs for walk in mine
        )  # fmt: skip


def _moved_in(walk: Walk) -> date:
    day = walk.day_of("arrived")
    assert day is not None
    return day


def _inspection(plan: PilotPlan, room: Room, mine: list[Walk], today: date, *, crowded: bool) -> RoomInspection:
    departs = dates_of(mine[0].nomination.cohort, today)[1]
    latest = max(day for walk in mine if (day := walk.day_of("arrived")))
    rent = next((d["amount"] for d in plan.pay["deductions"] if d["item"] in RENTS), 0)
    weeks = Decimal("4.345") if plan.pay["every"] == "month" else Decimal(2)
    return RoomInspection(
        pilot_id=room.pilot_id, room=room, employer_id=room.employer_id,
        inspected_on=min(max(departs, latest) + timedelta(days=5), today), area=AREA, beds=BEDS,
        occupants=BEDS + 2 if crowded else len(mine), approved_maximum=BEDS,
        weekly_rent=(Decimal(rent) / weeks).quantize(Decimal("0.01")), currency=plan.currency, building="older",
        own_bathroom=False,
    )  # fmt: skip
