"""The door of campaigns: ``draw`` freezes a population and takes a sample that anybody can take again.

The sample, from the ids of the population and the stated seed, with nothing but SHA-256:

1. For each id, take SHA-256 of the text ``seed:id`` (UTF-8, the id in decimal figures), as 64 hexadecimal figures.
2. Order the ids by it. 3. The first ``n`` are the sample, in this order.

The hash of the population is SHA-256 of its ids in rising order, each followed by a line feed. Whoever states the seed
before the ids are known cannot choose the files, and neither can whoever keeps them.
"""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.names import name_of
from accounts.roles import Kind, Permission
from accounts.scope import Scope
from compliance.campaigns.questions import QUESTIONS
from compliance.models import Campaign, CampaignItem
from pilots.models import Cohort, Participation, Pilot
from workers.models import Placement

OF_KIND = {Kind.RECRUITER.value: Campaign.Of.RECRUITED, Kind.EMPLOYER.value: Campaign.Of.EMPLOYED}


def hash_of(population: Iterable[int]) -> str:
    """The hash of a population, as it is frozen and published."""
    return sha256("".join(f"{pk}\n" for pk in sorted(population)).encode()).hexdigest()


def sample_of(population: Iterable[int], seed: str, size: int) -> list[int]:
    """The sample in the order in which it is drawn; the same for the same ids and seed, wherever it is computed."""
    return sorted(population, key=lambda pk: sha256(f"{seed}:{pk}".encode()).hexdigest())[:size]


def draw(
    pilot: Pilot,
    partner_id: int,
    *,
    sample_size: int,
    seed: str,
    questions: Iterable[str],
    by: Scope,
    on: date,
    cohort: Cohort | None = None,
) -> Campaign:
    """Freeze the files of this partner (in this cohort) and draw the sample. Must run inside ``acting_as(by)``.

    Raises ValidationError with the sentence the user reads, PermissionDenied without the verb.
    """
    by.require(Permission.FINDING_RESOLVE)
    asked = [code for code in QUESTIONS if code in set(questions)]
    if not asked:
        raise ValidationError({"questions": _("Choose at least one question.")})
    seed = seed.strip()
    if not seed:
        raise ValidationError({"seed": _("State the seed, so that anybody can draw the same sample again.")})
    part = Participation.objects.filter(pilot=pilot, organisation_id=partner_id).select_related("organisation").first()
    if part is None or part.kind not in OF_KIND:
        raise ValidationError({"partner": _("Choose a recruiter or an employer of the pilot.")})
    if cohort is not None and cohort.pilot_id != pilot.pk:
        raise ValidationError({"cohort": _("Choose a cohort of the same pilot.")})
    of = OF_KIND[part.kind]
    population = _population(pilot, partner_id, of, cohort)
    if not 1 <= sample_size <= len(population):
        raise ValidationError(
            {
                "sample_size": _("The population has %(n)d files: draw at least one and at most all.")
                % {"n": len(population)}
            }
        )
    campaign = Campaign(
        pilot=pilot, partner_id=partner_id, of=of, cohort=cohort, definition=_defined(of, cohort, pilot),
        population=population, population_size=len(population), population_hash=hash_of(population),
        sample_size=sample_size, seed=seed, questions=asked, drawn_on=on, user_id=by.user_id,
        organisation_id=by.organisation_id, who=name_of(by),
    )  # fmt: skip
    campaign.clean_fields(exclude=["pilot", "partner", "cohort", "user", "organisation"])
    campaign.save(force_insert=True)
    CampaignItem.objects.bulk_create(
        CampaignItem(pilot=pilot, campaign=campaign, placement_id=pk, place=place)
        for place, pk in enumerate(sample_of(population, seed, sample_size), start=1)
    )
    return campaign


def _population(pilot: Pilot, partner_id: int, of: str, cohort: Cohort | None) -> list[int]:
    rows = Placement.objects.filter(pilot=pilot)
    rows = rows.filter(recruiter_id=partner_id) if of == Campaign.Of.RECRUITED else rows.filter(employer_id=partner_id)
    if cohort is not None:
        rows = rows.filter(cohort=cohort)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _defined(of: str, cohort: Cohort | None, pilot: Pilot) -> str:
    """The population in words, as it is kept."""
    within = cohort.name if cohort else pilot.name
    if of == Campaign.Of.RECRUITED:
        return _("Every placement the partner recruited for, in %(within)s") % {"within": within}
    return _("Every placement the partner employs or employed, in %(within)s") % {"within": within}
