"""What became of the funder's edition: it comes again every quarter, was taken, acknowledged, asked about and answered."""

from datetime import date

from accounts.scope import acting_as
from lamp_portal.world.editions import PILOT, READERS
from lamp_portal.world.setting_up import Ground
from reports.delivery import answering, schedules
from reports.delivery.models import Schedule
from reports.delivery.taking import take
from reports.models import Edition, EditionFile

ZONES = {"funder": "Europe/London", "origin-government": "Pacific/Tongatapu"}
ASKED = "Which cohorts are still too young to be counted here?"
ANSWERED = "Those that departed within the last three months. They enter the share once their first season is over."


def delivering(ground: Ground, today: date) -> None:
    """Two schedules, and what the fund did with its newest edition."""
    with acting_as(ground.hands.of(READERS["pilot"], "programme_officer")) as by:
        for kind, zone in ZONES.items():
            schedules.make(
                Schedule(
                    pilot=ground.pilots[PILOT], organisation=ground.organisations[READERS[kind]], kind=kind,
                    period=Schedule.Period.QUARTER, time_zone=zone, days_after=5, counts_from=today,
                ),
                by=by,
            )  # fmt: skip
    with acting_as(ground.hands.of(READERS["funder"])) as by:
        edition = Edition.objects.filter(kind="funder").latest("pk")
        name = EditionFile.objects.filter(edition=edition, name__endswith=".pdf").values_list("name", flat=True)[0]
        take(edition, name, by=by)
        answering.acknowledge(edition, by=by)
        comment = answering.comment(edition, ASKED, by=by, metric="completion")
    with acting_as(ground.hands.of(READERS["pilot"], "programme_officer")) as by:
        answering.answer(comment, ANSWERED, by=by)
