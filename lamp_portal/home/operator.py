"""The first page of operators: whether the machine does its work, who waits to come in, and what retention last did.

Asked as the operator role, which has no policy on any person's record.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AuditEvent, Invitation, Job, Membership, NoticePlan

STUCK: Final = timedelta(minutes=15)  # a job that waits so long says that no worker takes it
DAY: Final = timedelta(days=1)
FORGOTTEN: Final = "retention"


@dataclass(frozen=True, slots=True)
class Fact:
    """One matter: what stands, whether somebody has to act, and where it is seen."""

    label: str
    words: str
    acts: bool
    url: str


def facts(now: datetime) -> list[Fact]:
    """Health, jobs, accounts, mails and retention: six statements, however many rows there are."""
    return [_cache(), *_jobs(now), *_accounts(now), _notices(now), _retention()]


def _cache() -> Fact:
    try:
        cache.set("operator", "1", 5)
        well = cache.get("operator") == "1"
    except Exception:  # noqa: BLE001 - whatever is wrong, the answer is the same
        well = False
    words = _("database and cache answer") if well else _("the cache does not answer: pages are slow and no job starts")
    return Fact(_("Health"), words, not well, reverse("readyz"))


def _jobs(now: datetime) -> list[Fact]:
    url = reverse("admin:accounts_job_changelist")
    found = Job.objects.exclude(state=Job.State.DONE).aggregate(
        waiting=Count("pk", filter=Q(state=Job.State.WAITING)), running=Count("pk", filter=Q(state=Job.State.RUNNING)),
        failed=Count("pk", filter=Q(state=Job.State.FAILED, finished_at__gte=now - 7 * DAY)),
        oldest=Min("asked_at", filter=Q(state=Job.State.WAITING)),
    )  # fmt: skip
    stuck = found["oldest"] is not None and found["oldest"] < now - STUCK
    moving = _("%(waiting)d waiting, %(running)d running") % found
    failed = ngettext("%(n)d needs a person", "%(n)d need a person", found["failed"]) % {"n": found["failed"]}
    return [
        Fact(_("Jobs"), _("%(words)s; the oldest waits too long: is a worker running?") % {"words": moving} if stuck else moving,
             stuck, f"{url}?state__exact=waiting"),
        Fact(_("Failed jobs of the last week"), failed, bool(found["failed"]), f"{url}?state__exact=failed"),
    ]  # fmt: skip


def _accounts(now: datetime) -> list[Fact]:
    members = Membership.objects.filter(
        ended_at__isnull=True, user__is_active=True, organisation__suspended_at__isnull=True
    )
    heads = members.values("organisation").annotate(heads=Count("pk", filter=Q(manages_members=True)))
    alone = heads.filter(heads=0).count()
    open_now = Q(accepted_at__isnull=True, revoked_at__isnull=True)
    sent = Invitation.objects.aggregate(
        waiting=Count("pk", filter=open_now & Q(expires_at__gte=now)),
        over=Count("pk", filter=open_now & Q(expires_at__lt=now)),
    )
    words = _("%(waiting)d waiting, %(over)d run out") % sent
    nobody = ngettext("%(n)d organisation", "%(n)d organisations", alone) % {"n": alone}
    return [
        Fact(_("Invitations"), words, bool(sent["over"]), reverse("admin:accounts_invitation_changelist")),
        Fact(_("Organisations in which nobody manages members"), nobody, bool(alone),
             reverse("admin:accounts_organisation_changelist")),
    ]  # fmt: skip


def _notices(now: datetime) -> Fact:
    """How many people were written to, and to whom no mail gets through. Only numbers: what was told stands nowhere."""
    found = NoticePlan.objects.aggregate(
        sent=Count("pk", filter=Q(sent_at__gte=now - DAY)), waiting=Count("pk", filter=Q(next_try_at__isnull=False, refused_at__isnull=True)),
        refused=Count("pk", filter=Q(refused_at__isnull=False)), stopped=Count("pk", filter=Q(stopped_at__isnull=False)),
    )  # fmt: skip
    words = _(
        "written to within a day: %(sent)d; to be tried again: %(waiting)d; mailbox refuses: %(refused)d; stopped by their reader: %(stopped)d"
    )
    return Fact(_("Mails to people"), words % found, bool(found["refused"] or found["waiting"]),
                reverse("admin:accounts_user_changelist"))  # fmt: skip


def _retention() -> Fact:
    last = AuditEvent.objects.filter(object_kind=FORGOTTEN).order_by("-pk").first()
    words = (
        _("last on %(day)s: %(what)s") % {"day": date_format(timezone.localdate(last.at), "j M Y"), "what": last.reason}
        if last
        else _("nobody was due yet")
    )
    return Fact(_("Retention"), words, False, reverse("admin:accounts_auditevent_changelist"))
