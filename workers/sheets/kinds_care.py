"""Kinds of sheet about what protects, houses or bars a worker: insurance, travel, housing, stays, licences, bans."""

from __future__ import annotations

from typing import Final

from workers.journey.steps import marked as _

from . import amounts, cleaning, identity
from .columns import NOTE, PLAIN, Column, Kind
from .kinds_money import PAYERS
from .kinds_shared import amount, currency, date, one_of, worker_id

BUILDINGS: Final = {
    **dict.fromkeys(("newer", "new", "new building", "newer building", "neuf", "nuevo"), "newer"),
    **dict.fromkeys(("older", "old", "old building", "older building", "ancien", "viejo"), "older"),
    **dict.fromkeys(("temporary", "caravan", "cabin", "container", "temporary structure", "temporal"), "temporary"),
}
CLAIMS: Final = {
    **dict.fromkeys(("none", "not claimed", "no claim"), "none"),
    **dict.fromkeys(("lodged", "claimed", "filed", "pending"), "lodged"),
    **dict.fromkeys(("paid", "paid out", "settled"), "paid"),
    **dict.fromkeys(("refused", "rejected", "denied"), "refused"),
}
DIRECTIONS: Final = {
    **dict.fromkeys(("out", "outbound", "to the job", "departure", "aller", "ida"), "out"),
    **dict.fromkeys(("back", "return", "home", "inbound", "retour", "vuelta"), "back"),
}


def _text(key: str, header: str, longest: int, *, required: bool = False, as_text: bool = False) -> Column:
    return Column(key, header, cleaning.text(longest), required=required, privacy=PLAIN, as_text=as_text)


def insurance() -> Kind:
    """Insurances and entitlements of workers."""
    columns = (
        worker_id(),
        Column(
            "kind", "Kind", cleaning.text(40), required=True, privacy=PLAIN,
            help=_("As the rules of the scheme name it."),
        ),
        _text("insurer", "Insurer", 160),
        _text("policy_number", "Policy number", 60, as_text=True),
        one_of("paid_by", "Paid by", PAYERS),
        amount("premium", "Premium"),
        currency(),
        date("joined_on", "Joined on", required=True),
        date("ends_on", "Ends on"),
        one_of("claim", "Claim", CLAIMS),
        date("claimed_on", "Claimed on", meaning="past"),
        date("paid_on", "Paid on", meaning="past"),
    )  # fmt: skip
    return Kind(
        "insurance", _("Insurance"), columns, keys=(("worker_id",),), unique=(("worker_id", "kind", "joined_on"),),
        needs={"premium": "currency"}, order=(("joined_on", "ends_on"), ("claimed_on", "paid_on")),
    )  # fmt: skip


def travel() -> Kind:
    """Journeys to the job and home."""
    columns = (
        worker_id(),
        one_of("direction", "Direction", DIRECTIONS, required=True),
        _text("carrier", "Carrier", 60),
        date("departs_on", "Departs", required=True),
        date("arrives_on", "Arrives"),
        _text("met_by", "Met by", 120),
        one_of("paid_by", "Paid by", PAYERS),
    )
    return Kind(
        "travel", _("Travel"), columns, keys=(("worker_id",),), unique=(("worker_id", "direction", "departs_on"),),
        order=(("departs_on", "arrives_on"),),
    )  # fmt: skip


def housing() -> Kind:
    """Rooms of a site, once inspected."""
    columns = (
        Column("site", "Site", cleaning.text(160), required=True, privacy=PLAIN),
        Column("address", "Address", cleaning.text(200), privacy=PLAIN),
        Column("room", "Room", cleaning.text(60), required=True, privacy=PLAIN, as_text=True),
        Column("area", "Area m²", amounts.quantity(10_000), privacy=PLAIN),
        Column("beds", "Beds", cleaning.whole_number(0, 500), privacy=PLAIN),
        Column("occupants", "Occupants", cleaning.whole_number(0, 500), privacy=PLAIN),
        Column("approved_maximum", "Approved maximum", cleaning.whole_number(0, 500), privacy=PLAIN),
        amount("weekly_rent", "Weekly rent", narrow=True, unit="week"),
        currency(),
        date("inspected_on", "Inspected on", meaning="past"),
        one_of("building", "Building", BUILDINGS),
        Column("own_bathroom", "Own bathroom", cleaning.yes_no("own_bathroom"), privacy=PLAIN, choices=("yes", "no")),
    )
    return Kind(
        "housing",
        _("Housing"),
        columns,
        keys=(("site", "room"),),
        unique=(("site", "address", "room", "inspected_on"),),
        needs={"weekly_rent": "currency"},
    )


def stays() -> Kind:
    """Who lives in which room, from when to when."""
    columns = (
        worker_id(),
        _text("site", "Site", 160, required=True),
        _text("address", "Address", 200),
        _text("room", "Room", 60, required=True, as_text=True),
        date("starts_on", "From", required=True),
        date("ends_on", "To"),
    )
    return Kind(
        "stays", _("Stays in rooms"), columns, keys=(("worker_id",),), unique=(("worker_id", "starts_on"),),
        order=(("starts_on", "ends_on"),),
    )  # fmt: skip


def licences() -> Kind:
    """Licences of recruiters."""
    columns = (
        _text("recruiter", "Recruiter", 160, required=True),
        Column("number", "Number", identity.code(60, key=False), required=True, privacy=PLAIN, as_text=True),
        _text("authority", "Authority", 160),
        date("valid_from", "Valid from", required=True),
        date("valid_to", "Valid to"),
        date("looked_up_on", "Looked up on", meaning="past"),
        date("withdrawn_on", "Withdrawn on", meaning="past"),
    )
    return Kind(
        "licences", _("Licences of recruiters"), columns, keys=(("recruiter", "number"),),
        unique=(("recruiter", "number", "valid_from"),), order=(("valid_from", "valid_to"),),
    )  # fmt: skip


def bans() -> Kind:
    """Who bars a worker from a pool or from re-hire."""
    columns = (
        worker_id(),
        _text("imposed_by", "Imposed by", 160, required=True),
        date("imposed_on", "Imposed on", meaning="past", required=True),
        Column("reason", "Reason", cleaning.text(500), privacy=NOTE),
        date("ends_on", "Ends on"),
        Column(
            "appeal", "Appeal", cleaning.text(300), privacy=PLAIN, help=_("To whom the person can appeal, by when.")
        ),
        date("lifted_on", "Lifted on", meaning="past"),
    )
    return Kind(
        "bans", _("Bans"), columns, keys=(("worker_id",),), unique=(("worker_id", "imposed_by", "imposed_on"),),
        order=(("imposed_on", "ends_on"), ("imposed_on", "lifted_on")),
    )  # fmt: skip


def kinds() -> tuple[Kind, ...]:
    """The kinds of this file."""
    return (insurance(), travel(), housing(), stays(), licences(), bans())
