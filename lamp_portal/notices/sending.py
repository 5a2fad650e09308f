"""The hand that sends: ``sweep(now)`` writes to everybody for whom something is due by now; asked again it sends nothing new.

For each person one transaction: their plan is locked (two senders never meet), what is new is counted under their own scopes
as these are now, the mail goes out, and up to when they were told is written with it. A mail goes out twice only where the
machine dies between the two. What could not be sent is counted anew at the next attempt.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.notices.clock import last_digest
from accounts.notices.leaving import rests, stopping, zone_of
from accounts.notices.models import EVENING, MORNING, NoticeChoice, NoticeKnock, NoticePlan
from accounts.scope import Scope, acting_as, operator_scope
from lamp_portal.notices.kinds import DAILY, KINDS, NEVER, NOW, WEEKLY, Kind, offered
from pilots.access import memberships_of, scope_for

log = logging.getLogger(__name__)
GATHER: Final = timedelta(
    minutes=15
)  # mails "at once" to one person are so far apart, and tell everything since the last
SLACK: Final = timedelta(minutes=1)  # longer than a request may take: what it knocked for may bear a later moment
REFUSALS: Final = 3  # so often a mailbox may refuse before it is left in peace
LONGEST_WAIT: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Reader:
    """A person with their plan, what they chose, until when they were told, and which kinds knocked."""

    plan: NoticePlan
    zone: ZoneInfo
    chosen: dict[str, str]
    told: dict[str, datetime]
    knocks: frozenset[str]

    def cadence(self, kind: Kind) -> str:
        """How often, as chosen or as the kind proposes."""
        return self.chosen.get(kind.code) or kind.proposed

    def since(self, kind: Kind) -> datetime:
        """Up to when the person was told of this kind."""
        return self.told.get(kind.code) or self.plan.made_at

    def hears(self, kind: Kind) -> bool:
        """Whether a knock of this kind is waited for."""
        cadence = self.cadence(kind)
        return cadence == NOW or (kind.knocked and cadence != NEVER)

    def due(self, now: datetime) -> list[Kind]:
        """The kinds of which something is to be told now, if there is anything; none in quiet hours."""
        if rests(self.plan, self.zone, now):
            return []
        return [kind for kind in KINDS.values() if self._is_due(kind, now)]

    def _is_due(self, kind: Kind, now: datetime) -> bool:
        cadence, plan = self.cadence(kind), self.plan
        if kind.knocked and kind.code not in self.knocks:
            return False
        if cadence == NOW:
            return kind.code in self.knocks and (plan.sent_at is None or now - plan.sent_at >= GATHER)
        if cadence in (DAILY, WEEKLY):
            day = plan.weekday if cadence == WEEKLY else None
            return self.since(kind) < last_digest(now, self.zone, plan.hour, day)
        return False


def sweep(now: datetime) -> int:
    """Write to everybody for whom something is due; answers how many mails went out."""
    with acting_as(operator_scope(request="notices")):
        _plans(now)
        readers = _readers()
        waiting = [pk for pk, reader in readers.items() if reader.due(now)]
        _unheard(readers)
    until = min(now, _settled())
    return sum(_tell(user_id, now, until) for user_id in waiting)


def _plans(now: datetime) -> None:
    """A plan for every member of an organisation who has none; what was before it is not told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_noticeplan (user_id, hour, weekday, quiet_from, quiet_until, tries, made_at)"
            " select distinct m.user_id, %s, 0, %s, %s, 0, %s::timestamptz from accounts_membership m"
            " where m.ended_at is null and not exists (select from accounts_noticeplan p where p.user_id = m.user_id)"
            " on conflict do nothing",
            [MORNING, EVENING, MORNING, now],
        )


def _readers(user_id: int | None = None) -> dict[int, Reader]:
    """Everybody who is a member of something, or one of them under lock; three statements."""
    here = Membership.objects.filter(
        ended_at__isnull=True, organisation__suspended_at__isnull=True, user__is_active=True
    ).values("user_id")
    plans = NoticePlan.objects.filter(user_id__in=here)
    only: dict[str, int] = {}
    if user_id is not None:
        plans = plans.filter(pk=user_id).select_for_update(of=("self",), skip_locked=True)
        only = {"user_id": user_id}
    found = {plan.pk: plan for plan in plans.select_related("user")}
    chosen: dict[int, dict[str, str]] = {pk: {} for pk in found}
    told: dict[int, dict[str, datetime]] = {pk: {} for pk in found}
    for row in NoticeChoice.objects.filter(user_id__in=found):
        chosen[row.user_id][row.kind] = row.cadence
        if row.told_until:
            told[row.user_id][row.kind] = row.told_until
    knocks: dict[int, set[str]] = {pk: set() for pk in found}
    for pk, kind in NoticeKnock.objects.filter(**only).values_list("user_id", "kind"):
        knocks.setdefault(pk, set()).add(kind)
    return {
        pk: Reader(plan, zone_of(plan.user), chosen[pk], told[pk], frozenset(knocks[pk])) for pk, plan in found.items()
    }


def _unheard(readers: dict[int, Reader]) -> None:
    """Knocks that nobody waits for go away: of people who left, and of a kind whose digest counts for itself or never comes."""
    for pk, kind in NoticeKnock.objects.values_list("user_id", "kind"):
        reader = readers.get(pk)
        if reader is None or kind not in KINDS or not reader.hears(KINDS[kind]):
            NoticeKnock.objects.filter(user_id=pk, kind=kind).delete()


def _settled() -> datetime:
    """A moment up to which everything is committed: when the oldest transaction of the portal that still runs began. Rows are
    stamped with the beginning of theirs, so that what is committed late is told with the next mail and never left out."""
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(min(xact_start), clock_timestamp()) from pg_stat_activity"
            " where usename = session_user and datname = current_database() and pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def _tell(user_id: int, now: datetime, until: datetime) -> int:
    """One mail for everything that is due for this person, or none where nothing happened; 1 or 0."""
    with acting_as(operator_scope(request="notices")):
        reader = _readers(user_id).get(user_id)
        kinds = reader.due(now) if reader else []
        if reader is None or not kinds:
            return 0
        with acting_as(None):
            scopes = [scope_for(membership, "notices") for membership in memberships_of(user_id)]
        with timezone.override(reader.zone):
            counts = {kind.code: _count(kind, scopes, reader.since(kind), until) for kind in kinds}
        news = {code: n for code, n in counts.items() if n}
        if news and not _send(reader, news, now):
            return 0
        _told(reader, kinds, until)
        if news:
            NoticePlan.objects.filter(pk=user_id).update(sent_at=now, tries=0, next_try_at=None)
        return int(bool(news))


def _count(kind: Kind, scopes: list[Scope], since: datetime, until: datetime) -> int:
    total = 0
    for scope in scopes:
        if kind in offered([scope]):
            with acting_as(scope):
                total += kind.count(scope, since, until)
    return total


def _told(reader: Reader, kinds: list[Kind], until: datetime) -> None:
    user_id = reader.plan.pk
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(user_id=user_id, kind=kind.code, told_until=max(until, reader.since(kind))) for kind in kinds],
        update_conflicts=True, unique_fields=["user", "kind"], update_fields=["told_until"],
    )  # fmt: skip
    NoticeKnock.objects.filter(user_id=user_id, kind__in=[kind.code for kind in kinds], at__lte=until - SLACK).delete()


def _send(reader: Reader, news: dict[str, int], now: datetime) -> bool:
    """Whether the mail went out; what went wrong is written to the plan, so that it is tried again, or not any more."""
    plan = reader.plan
    try:
        with transaction.atomic():
            mail_to(plan.user, reader.zone, news, now).send()
        return True
    except SMTPRecipientsRefused as refused:
        for_good = all(code >= 500 for code, _words in refused.recipients.values())
        log.warning("a mailbox refused a notice%s", " for good" if for_good else "")
    except (SMTPException, OSError) as error:
        for_good = False
        log.warning("a notice was not sent: %s", type(error).__name__)
    plan.tries = min(plan.tries + 1, 100)
    if for_good and plan.tries >= REFUSALS:
        plan.refused_at = now
    plan.next_try_at = now + min(timedelta(minutes=2 ** min(plan.tries, 10)), LONGEST_WAIT)
    plan.save(update_fields=["tries", "refused_at", "next_try_at"])
    return False


def mail_to(user: User, zone: ZoneInfo, news: dict[str, int], now: datetime) -> EmailMessage:
    """The mail: counts and links in the person's language, the moment on their clock; no name, no code, nothing of what."""
    portal, end = settings.PORTAL_URL, stopping(user.pk)
    with translation.override(user.language), timezone.override(zone):
        lines = [
            {"words": KINDS[code].sentence(n), "url": portal + reverse(KINDS[code].address) if portal else ""}
            for code, n in news.items()
        ]
        words = {"lines": lines, "now": now, "zone": zone.key, "end": end}
        body = render_to_string("notices/mail.txt", words)
        subject = _("News for you in the LaMP Portal")
    return EmailMessage(subject, body, to=[user.email], headers=end.headers)
