"""What a note or a task is about: a placement or a cohort; who sees it, and which colleagues can be named there."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.roles import ROLES, Kind
from accounts.scope import Scope
from pilots.models import Cohort, Participation, Pilot
from workers.models import Note, Placement

# Kinds of organisation that never see a person take part in no conversation about one.
_SEE_COHORTS = (Kind.PROGRAMME, Kind.RECRUITER, Kind.EMPLOYER, Kind.WELFARE)
SEE_PERSONS = [role.code for role in ROLES.values() if role.sees_persons]


@dataclass(frozen=True, slots=True)
class About:
    """One record, read under the reader's scope: either the placement or the cohort is there."""

    pilot: Pilot
    placement: Placement | None = None
    cohort: Cohort | None = None

    @property
    def keys(self) -> dict[str, Any]:
        """The columns of a row about it."""
        return {
            "pilot_id": self.pilot.pk,
            "placement_id": self.placement.pk if self.placement else None,
            "cohort_id": self.cohort.pk if self.cohort else None,
        }

    @property
    def title(self) -> str:
        """What it is called on a page."""
        return self.placement.person.name if self.placement else self.cohort.name if self.cohort else ""

    @property
    def code(self) -> str:
        """The worker ID, or the code of the cohort."""
        return self.placement.person.worker_code if self.placement else self.cohort.code if self.cohort else ""

    @property
    def url(self) -> str:
        """Its own page."""
        return reverse("workers:placement" if self.placement else "workers:cohort", args=[self._pk])

    def address(self, what: str) -> str:
        """Where its notes, tasks or followers are: ``POST /placements/7/tasks/``."""
        return reverse(f"workers:{'placement' if self.placement else 'cohort'}_{what}", args=[self._pk])

    @property
    def _pk(self) -> int:
        found = self.placement or self.cohort
        if found is None:
            raise Http404
        return found.pk


def about_placement(pk: int) -> About:
    """The placement, or 404."""
    found = get_object_or_404(Placement.objects.select_related("person", "pilot", "cohort"), pk=pk)
    return About(found.pilot, placement=found)


def about_cohort(pk: int) -> About:
    """The cohort, or 404."""
    found = get_object_or_404(Cohort.objects.select_related("pilot"), pk=pk)
    return About(found.pilot, cohort=found)


def about_row(row: Any) -> About:
    """What a note or a task is about; 404 where the reader does not see the record any more."""
    return about_placement(row.placement_id) if row.placement_id else about_cohort(row.cohort_id)


def audiences(about: About, by: Scope) -> dict[str, str | Promise]:
    """For whom the reader may write here, the narrowest first: code → words."""
    words: dict[str, str | Promise] = {**dict(Note.Audience.choices)}
    # Who writes it must not think of colleagues alone.
    words[Note.Audience.ALL] = _("Everybody who sees this record, employers and recruiters too")
    del words[Note.Audience.PARTNERS]
    if by.organisation_id == about.pilot.programme_id:
        del words[Note.Audience.PROGRAMME]
    return words


def told(about: About, audience: str, by: Scope) -> list[int]:
    """The organisations that a note for this audience is written for: those that see the record today, never others."""
    found = {by.organisation_id}
    if audience != Note.Audience.OWN:
        found.add(about.pilot.programme_id)
    if audience == Note.Audience.ALL:
        wanted = (Kind.WELFARE,) if about.placement else _SEE_COHORTS
        partners = Participation.objects.filter(pilot=about.pilot, left_on__isnull=True, kind__in=wanted)
        found |= set(partners.values_list("organisation_id", flat=True))
        if about.placement:
            found |= {pk for pk in (about.placement.recruiter_id, about.placement.employer_id) if pk is not None}
    return sorted(found)


def colleagues(by: Scope) -> dict[int, str]:
    """id → name of whoever of one's own organisation sees persons, and so sees whatever one sees; without oneself.

    Nobody else can be named, and nobody else's name is told."""
    rows = Membership.objects.filter(
        organisation_id=by.organisation_id, ended_at__isnull=True, role__in=SEE_PERSONS, user__is_active=True
    ).exclude(user_id=by.user_id)
    return dict(rows.order_by("user__name", "user_id").values_list("user_id", "user__name"))


def name_of(by: Scope) -> str:
    """The name of whoever acts, to be kept beside what they do."""
    return User.objects.values_list("name", flat=True).get(pk=by.user_id)
