"""When a mail may leave, and how it is stopped: one answer for every mail that somebody chose, digest or report.

Not asked for mails about one's own sign-in, nor for those that something waits in confidence: they leave at once.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.notices.clock import is_quiet
from accounts.notices.door import token_for
from accounts.notices.models import NoticePlan


def rests(plan: NoticePlan, zone: ZoneInfo, now: datetime) -> bool:
    """Whether nothing leaves for this person now: they stopped it, their mailbox refused for good or was tried just now, or it
    is quiet where they are."""
    if plan.stopped_at or plan.refused_at or (plan.next_try_at and plan.next_try_at > now):
        return True
    return is_quiet(now, zone, plan.quiet_from, plan.quiet_until)


def zone_of(user: User) -> ZoneInfo:
    """The person's time zone; the world's where they have none that is known."""
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Stopping:
    """The addresses at the foot of a mail, empty where the portal knows none of its own, and its headers (RFC 8058)."""

    stop: str
    settings: str
    headers: dict[str, str]


def stopping(user_id: int) -> Stopping:
    """How this person stops mails like this one, in one click and without signing in."""
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    portal = settings.PORTAL_URL
    if not portal:
        return Stopping("", "", headers)
    stop = portal + reverse("notices_stop", args=[token_for(user_id)])
    headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Stopping(stop, portal + reverse("notices"), headers)
