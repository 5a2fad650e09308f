"""One edition of each kind of report, each asked for by its reader: of the pilot that has enough people to fill it, or of all
pilots of the programme together; and the grant that the funder's report is held against."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.scope import acting_as
from lamp_portal.world import plans
from lamp_portal.world.setting_up import Ground
from pilots.models import Grant, GrantTarget
from reports.compiling import Order, compile_report

PILOT = plans.PILOTS[0]
YEAR = timedelta(weeks=52)
# Kind of report → the organisation that asks for it.
READERS = {
    "pilot": "long-bridge",
    "employer": "blossom-ridge",
    "origin-government": "tonga-work-unit",
    "destination-government": "nz-work-inspection",
    "funder": "meridian-fund",
    "corridors": "long-bridge",
    "overview": "long-bridge",
}
ROLES = dict.fromkeys(("pilot", "corridors", "overview"), "programme_manager")
TARGETS = (
    ("departed", "60"), ("filled", "90"), ("completed", "80"), ("women", "35"), ("income", "3"), ("cost", "0.25"),
    ("checks", "90"),
)  # fmt: skip


def grants(ground: Ground, today: date) -> None:
    """A grant of the fund for the pilot that its report is about, with a target for every figure that may have one."""
    pilot, fund = ground.pilots[PILOT], ground.organisations[READERS["funder"]]
    with acting_as(ground.hands.of(READERS["pilot"], "programme_officer")):
        grant = Grant.objects.create(
            pilot=pilot, organisation=fund, name="Orchards and homes", reference="MF-0117", amount=Decimal(400_000),
            currency=pilot.currency, starts_on=today - YEAR, ends_on=today + YEAR,
        )  # fmt: skip
        GrantTarget.objects.bulk_create(
            GrantTarget(
                pilot=pilot, organisation=fund, grant=grant, figure=code, value=Decimal(value), by_on=today + YEAR
            )
            for code, value in TARGETS
        )


def editions(ground: Ground, today: date) -> list[int]:
    """Compile and freeze them for the cohorts that departed in the last year; answers the ids of the editions."""
    grants(ground, today)
    made = []
    for kind, slug in READERS.items():
        with acting_as(ground.hands.of(slug, ROLES.get(kind, ""))) as by:
            order = Order(
                kind, ground.pilots[PILOT].pk, ground.organisations[slug].pk, today - YEAR, today, timezone.now()
            )
            made.append(compile_report(order, by=by).pk)
    return made
