"""Facts about what protects, houses or bars a worker: insurances, travel, rooms, stays, licences, bans."""

from typing import Final

from django.utils.translation import gettext as _

from workers.models import Ban, HousingStay, Insurance, RecruiterLicence, RoomInspection, Travel

from .ledgers_shared import NUMBER, ROOM, SITE, Ledger

# Another stay of the worker on these days, as it will be once the rows of this sheet that end it are recorded.
OTHER_STAY: Final = (
    "insert into trouble select distinct s.n, 'starts_on', 'overlapping', s.starts_on, y.starts_on::text"
    " from sheet s join found f using (n) join workers_housingstay y on y.placement_id = f.placement_id"
    " and y.id is distinct from f.was_id left join found g on g.was_id = y.id"
    " where {starts_on} <= coalesce(g.v_ends_on, y.ends_on, 'infinity')"
    " and y.starts_on <= coalesce({ends_on}, 'infinity')"
)
OTHER_ROW: Final = (
    "insert into trouble select s.n, 'starts_on', 'overlapping_row', s.starts_on, min(g.n)::text"
    " from sheet s join found f using (n) join found g on g.placement_id = f.placement_id and g.n < f.n"
    " and g.v_starts_on <> f.v_starts_on and f.v_room_id is not null and g.v_room_id is not null"
    " where {starts_on} <= coalesce(g.v_ends_on, g.w_ends_on, 'infinity')"
    " and g.v_starts_on <= coalesce({ends_on}, 'infinity') group by s.n, s.starts_on"
)


def _dates(sentence: str) -> dict[str, str]:
    return {"ends_first": sentence}


def _insurances() -> dict[str, str]:
    return _dates(_("An insurance ends on or after its first day. Check both dates."))


def _travels() -> dict[str, str]:
    return _dates(_("A traveller arrives on or after the day of departure. Check both dates."))


def _licences() -> dict[str, str]:
    return _dates(_("A licence ends on or after its first day. Check both dates."))


def _bans() -> dict[str, str]:
    return _dates(_("A ban ends, or is lifted, on or after the day it was imposed. Check the dates."))


def _rooms() -> dict[str, str]:
    return {
        "not_inspected": _("A room is recorded as it was found on a day. Fill in “Inspected on”."),
        "ambiguous_room": _("Several rooms of the site are called “{value}”. Fill in “Address”."),
        "no_area": _("The area of a room is above zero."),
    }


def _stays() -> dict[str, str]:
    return {
        "ends_first": _("A stay ends on or after its start. Check both dates."),
        "unknown_room": _("The site has no room “{value}”. Send the sheet of rooms first, or check the name."),
        "ambiguous_room": _("Several rooms of the site are called “{value}”. Fill in “Address”."),
        "overlapping": _("The worker has a stay from {other} that reaches into these days. End that stay first."),
        "overlapping_row": _("Row {row} places the worker elsewhere on these days. Correct one of the two."),
    }


LEDGERS: Final[dict[str, Ledger]] = {
    "insurance": Ledger(
        Insurance,
        {
            "kind": ("kind", "lower(s.kind)"), "insurer": ("insurer", "s.insurer"),
            "policy_number": ("policy_number", "s.policy_number"), "paid_by": ("paid_by", "s.paid_by"),
            "premium": ("premium", f"s.premium{NUMBER}"), "currency": ("currency", "s.currency"),
            "joined_on": ("joined_on", "s.joined_on::date"), "ends_on": ("ends_on", "s.ends_on::date"),
            "claim": ("claim", "s.claim"), "claimed_on": ("claimed_on", "s.claimed_on::date"),
            "paid_on": ("paid_on", "s.paid_on::date"),
        },
        same=("kind", "joined_on"), changing="update", by_employer=True,
        questions={"ends_first": ("ends_on", "{ends_on} < {joined_on}")}, sentences=_insurances,
    ),
    "travel": Ledger(
        Travel,
        {
            "direction": ("direction", "s.direction"), "carrier": ("carrier", "s.carrier"),
            "departs_on": ("departs_on", "s.departs_on::date"), "arrives_on": ("arrives_on", "s.arrives_on::date"),
            "met_by": ("met_by", "s.met_by"), "paid_by": ("paid_by", "s.paid_by"),
        },
        same=("direction", "departs_on"), changing="update", by_employer=True,
        questions={"ends_first": ("arrives_on", "{arrives_on} < {departs_on}")}, sentences=_travels,
    ),
    "housing": Ledger(
        RoomInspection,
        {
            "inspected_on": ("inspected_on", "s.inspected_on::date"), "area": ("area", "s.area::numeric(7,2)"),
            "beds": ("beds", "s.beds::smallint"), "occupants": ("occupants", "s.occupants::smallint"),
            "approved_maximum": ("approved_maximum", "s.approved_maximum::smallint"),
            "weekly_rent": ("weekly_rent", "s.weekly_rent::numeric(12,2)"), "currency": ("currency", "s.currency"),
            "building": ("building", "s.building"), "own_bathroom": ("own_bathroom", "s.own_bathroom::boolean"),
        },
        same=("inspected_on",), changing="supersede", owner="room",
        known="not exists (select from workers_roominspection y where y.supersedes_id = x.id)",
        questions={
            "not_inspected": ("inspected_on", "s.inspected_on is null"),
            "no_area": ("area", "s.area::numeric <= 0"),
        },
        sentences=_rooms,
    ),
    "stays": Ledger(
        HousingStay,
        {
            "room_id": ("room", "case when room.many = 1 then room.id end"),
            "starts_on": ("starts_on", "s.starts_on::date"), "ends_on": ("ends_on", "s.ends_on::date"),
        },
        same=("starts_on",), changing="update", joins=SITE + ROOM,
        more="site.many as sites, room.many as rooms",
        questions={
            "ends_first": ("ends_on", "{ends_on} < {starts_on}"),
            "unknown_site": ("site", "f.sites = 0"), "ambiguous_site": ("site", "f.sites > 1"),
            "unknown_room": ("room", "f.sites = 1 and f.rooms = 0"),
            "ambiguous_room": ("room", "f.sites = 1 and f.rooms > 1"),
        },
        asked=(OTHER_STAY, OTHER_ROW), sentences=_stays,
    ),
    "licences": Ledger(
        RecruiterLicence,
        {
            "number": ("number", "s.number"), "authority": ("authority", "s.authority"),
            "valid_from": ("valid_from", "s.valid_from::date"), "valid_to": ("valid_to", "s.valid_to::date"),
            "looked_up_on": ("looked_up_on", "s.looked_up_on::date"),
            "withdrawn_on": ("withdrawn_on", "s.withdrawn_on::date"),
        },
        same=("number", "valid_from"), changing="update", owner="recruiter",
        questions={"ends_first": ("valid_to", "{valid_to} < {valid_from}")}, sentences=_licences,
    ),
    "bans": Ledger(
        Ban,
        {
            "imposed_by": ("imposed_by", "s.imposed_by"), "imposed_on": ("imposed_on", "s.imposed_on::date"),
            "reason": ("reason", "s.reason"), "ends_on": ("ends_on", "s.ends_on::date"), "appeal": ("appeal", "s.appeal"),
            "lifted_on": ("lifted_on", "s.lifted_on::date"),
        },
        same=("imposed_by", "imposed_on"), changing="update", owner="person",
        questions={
            "ends_first": (
                "imposed_on", "least(coalesce({ends_on}, 'infinity'), coalesce({lifted_on}, 'infinity')) < {imposed_on}"
            ),
        },
        sentences=_bans,
    ),
}  # fmt: skip
