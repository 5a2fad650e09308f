"""The first steps of an organisation whose work in the portal has not begun: what to do, and what is done already.

Each is told by a fact, so nobody ticks anything. They stand on the first page while nothing waits there, and nowhere once
the work has begun or the reader has put them away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, User
from accounts.roles import Permission
from accounts.scope import Scope
from compliance.models import Check
from pilots.models import Cohort, Pilot
from reports.models import Edition
from workers.models import ImportBatch


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, why, where, and whether a fact says that it is done."""

    label: str
    words: str
    url: str
    done: bool


@dataclass(frozen=True, slots=True)
class Work:
    """With what the work of a role begins: its step in words, its address, and the rows that say it has begun."""

    label: Callable[[], str]
    words: Callable[[], str]
    url: Callable[[], str]
    begun: Callable[[Scope], QuerySet]


def _sheets(by: Scope) -> QuerySet:
    return ImportBatch.objects.filter(organisation=by.organisation_id, committed_at__isnull=False)


_COHORT: Final = Work(
    lambda: _("Start a cohort"),
    lambda: _("On the page of your pilot: its places, its dates and its job orders. Its workers come with a list."),
    lambda: reverse("pilots:list"), lambda by: Cohort.objects.all(),
)  # fmt: skip
_LIST: Final = Work(
    lambda: _("Send your first list"),
    lambda: _("Your own sheet as it is, or an empty one with the columns that are understood. You see what it would change before anything is recorded."),
    lambda: f"{reverse('workers:imports')}#send", _sheets,
)  # fmt: skip
_CHECK: Final = Work(
    lambda: _("Record your first check"),
    lambda: _("Who is due a visit or a call stands on the page of checks; a visit to a site covers all its workers."),
    lambda: reverse("compliance:checks"), lambda by: Check.objects.filter(organisation=by.organisation_id),
)  # fmt: skip
_REPORT: Final = Work(
    lambda: _("Ask for your first report"),
    lambda: _("Its figures come with their intervals and with what they stand on, and stay as they were."),
    lambda: f"{reverse('reports:list')}#ask", lambda by: Edition.objects.all(),
)  # fmt: skip
BEGINS: Final[dict[str, Work]] = {
    "programme_officer": _COHORT, "programme_manager": _COHORT, "recruiter": _LIST, "employer": _LIST,
    "welfare_officer": _CHECK, "safeguarding_lead": _CHECK, "government": _REPORT, "funder": _REPORT,
}  # fmt: skip


def first_steps(by: Scope, user: User) -> list[Step]:
    """The steps in their order; none where the work has begun, or the reader put them away. One statement."""
    if user.first_steps_closed_at is not None:
        return []
    work = BEGINS[by.role_code]
    colleagues = Membership.objects.filter(organisation=OuterRef("organisation"), ended_at__isnull=True)
    invited = Invitation.objects.filter(organisation=OuterRef("organisation"), revoked_at__isnull=True)
    own = Membership.objects.filter(user=user, organisation=by.organisation_id, ended_at__isnull=True).annotate(
        begun=Exists(work.begun(by)), pilots=Exists(Pilot.objects.all()),
        company=Exists(colleagues.exclude(pk=OuterRef("pk"))) | Exists(invited),
    ).first()  # fmt: skip
    if own is None or own.begun:
        return []
    return [step for step in _steps(by, user, own, work) if step is not None]


def _steps(by: Scope, user: User, own: Membership, work: Work) -> list[Step | None]:
    chosen = user.time_zone != settings.TIME_ZONE or user.language != settings.LANGUAGE_CODE
    own_settings = Step(
        _("Choose your language and time zone"), _("Dates, reminders and mails come as you read them."),
        reverse("accounts:me"), chosen,
    )  # fmt: skip
    colleagues = Step(
        _("Invite a colleague"), _("Nobody should be the only one: when you are away, somebody else acts."),
        reverse("accounts:members"), own.company,  # type: ignore[attr-defined]  # annotated
    )  # fmt: skip
    pilot = Step(
        _("Take part in a pilot"), _("The operator of the portal adds your organisation to it."),
        reverse("pilots:list") if by.allows(Permission.PERSON_VIEW) else reverse("pilots:schemes"),
        own.pilots,  # type: ignore[attr-defined]
    )  # fmt: skip
    first = Step(work.label(), work.words(), work.url(), False)
    return [own_settings, colleagues if own.manages_members else None, pilot, first]
