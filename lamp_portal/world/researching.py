"""An agreement with a university, and the one extract that was given under it: rows without persons."""

from datetime import date, timedelta

from django.utils import timezone

from accounts.scope import acting_as
from lamp_portal.world.editions import PILOT, READERS, YEAR
from lamp_portal.world.setting_up import Ground
from reports.research import making
from reports.research.models import ResearchAgreement, ResearchExtract

PURPOSE = "Whether seasons abroad change what households earn at home a year later, by province of origin."


def research(ground: Ground, today: date) -> ResearchExtract:
    """Signed two months ago, in groups of five people; one extract over two years of departures."""
    with acting_as(ground.hands.of(READERS["pilot"], "programme_manager")) as by:
        agreement = making.agree(
            ResearchAgreement(
                pilot=ground.pilots[PILOT], recipient="Institute for Work and Migration, University of the Reef (invented)",
                purpose=PURPOSE, signed_by="The director of the programme; the head of the institute",
                signed_on=today - timedelta(weeks=8), ends_on=today + YEAR, k=5,
            ),
            by=by,
        )  # fmt: skip
        return making.make(agreement, today - 2 * YEAR, today, by=by, now=timezone.now())
