"""Notices: each person of a reader who asks for reports is told once that an edition is there, in words that tell nothing.

Written first and sent after, each person's mail in a transaction of its own: a mail server that refuses keeps nobody else from
theirs and is tried again, and no mail goes out twice unless the machine dies between sending and noting it. When a mail may
leave is what the person chose for all their mails (``accounts/notices/leaving.py``): what comes in quiet hours waits for their end.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership, User
from accounts.notices.door import plan_for
from accounts.notices.leaving import rests, stopping, zone_of
from accounts.roles import ROLES, Permission
from accounts.scope import Scope, acting_as, operator_scope
from pilots.models import Participation
from reports.delivery.asking import portal
from reports.delivery.links import VALID_FOR, issue
from reports.delivery.models import EditionNotice, ScheduledRun
from reports.delivery.schedules import require_schedule
from reports.models import Edition, Withdrawal

log = logging.getLogger(__name__)
LOOKED_BACK = timedelta(days=14)
TRIED_FOR = timedelta(days=7)
ASKERS = [role.code for role in ROLES.values() if role.allows(Permission.REPORT_REQUEST)]


def told(editions: Iterable[Edition], people: dict[int, list[tuple[int, str]]]) -> list[EditionNotice]:
    """Notices for these editions to the people of each reader; whoever was told stays told once."""
    return EditionNotice.objects.bulk_create(
        [
            EditionNotice(
                pilot_id=edition.pilot_id, organisation_id=edition.organisation_id, edition=edition, user_id=user_id,
                person_name=name,
            )
            for edition in editions
            for user_id, name in people.get(edition.organisation_id, ())
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def people_of(organisation_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """organisation → (id, name) of its people who ask for reports and may sign in. Asked as the app role."""
    with acting_as(None):
        found = Membership.objects.filter(
            organisation_id__in=list(organisation_ids), ended_at__isnull=True, user__is_active=True,
            organisation__suspended_at__isnull=True, role__in=ASKERS,
        ).order_by("user_id").values_list("organisation_id", "user_id", "user__name")  # fmt: skip
        answer: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for organisation_id, user_id, name in found:
            answer[organisation_id].append((user_id, name))
    return answer


def announce(edition: Edition, *, by: Scope) -> int:
    """Tell the people of an edition's reader again, each with a new link, for the programme; answers how many will be.

    Mails leave with the next sweep.
    """
    require_schedule(by)
    people = people_of([edition.organisation_id])
    told([edition], people)
    EditionNotice.objects.filter(edition=edition).update(sent_at=None, written_at=timezone.now())
    audit.record("edition.announce", "edition", edition.pk, pilot_id=edition.pilot_id)
    return len(people.get(edition.organisation_id, ()))


def sweep(now: datetime) -> int:
    """Write notices of the editions that schedules brought, then send what is not sent; answers how many mails went out."""
    hand = portal("notices")
    with acting_as(hand):
        scheduled = ScheduledRun.objects.filter(asked_at__gte=now - LOOKED_BACK).values("job_id")
        fresh = list(
            Edition.objects.filter(job_id__in=scheduled)
            .exclude(Exists(EditionNotice.objects.filter(edition=OuterRef("pk"))))
            .exclude(Exists(Withdrawal.objects.filter(edition=OuterRef("pk"))))
            .filter(_reader_takes_part())
            .defer("content")
        )
    people = people_of({edition.organisation_id for edition in fresh})
    with acting_as(hand):
        told(fresh, people)
        waiting = EditionNotice.objects.filter(sent_at__isnull=True, written_at__gte=now - TRIED_FOR)
        users = sorted(set(waiting.values_list("user_id", flat=True)))
    return sum(_deliver(user_id, hand, now) for user_id in users)


def _reader_takes_part() -> Exists:
    return Exists(
        Participation.objects.filter(
            pilot_id=OuterRef("pilot_id"), organisation_id=OuterRef("organisation_id"), left_on__isnull=True
        )
    )


def _deliver(user_id: int, hand: Scope, now: datetime) -> int:
    """One mail for everything that waits for this person; nothing is kept when it could not be sent."""
    with acting_as(None):
        person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None:
        return 0
    with acting_as(operator_scope(request="notices")):
        if rests(plan_for(user_id), zone_of(person), now):
            return 0
    try:
        with acting_as(hand):
            notices = list(
                EditionNotice.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(user_id=user_id, sent_at__isnull=True, written_at__gte=now - TRIED_FOR)
                .select_related("edition").defer("edition__content").order_by("pk")
            )  # fmt: skip
            if not notices:
                return 0
            tokens = (
                [issue(n.edition, user_id, n.person_name, at=now)[1] for n in notices] if settings.PORTAL_URL else []
            )
            EditionNotice.objects.filter(pk__in=[n.pk for n in notices]).update(sent_at=now)
            with transaction.atomic():
                return _mail(person, tokens, now).send() or 0
    except (SMTPException, OSError) as error:
        log.warning("a notice was not sent: %s", type(error).__name__)
        return 0


def _mail(person: User, tokens: list[str], now: datetime) -> EmailMessage:
    """That a report is there: no name, no pilot, no figure; to each in their own language, days in their time zone."""
    links = [settings.PORTAL_URL + reverse("reports:open_link", args=[token]) for token in tokens]
    end = stopping(person.pk)
    with translation.override(person.language), timezone.override(zone_of(person)):
        words = {"links": links, "until": timezone.localdate(now + VALID_FOR), "end": end}
        body = render_to_string("reports/mail/ready.txt", words)
        return EmailMessage(_("A report is ready in the LaMP Portal"), body, to=[person.email], headers=end.headers)
