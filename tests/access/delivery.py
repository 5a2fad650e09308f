"""The pages of delivery: schedules, links, downloads, comments. The edition is the funder's of Verde."""

from tests.access.reports import EVERY_MEMBER, OF_FAY


def _edition(cast, name):
    from tests.reports.delivered import frozen

    return frozen(cast, name).pk


def _schedule(cast, name):
    from reports.models import Schedule
    from tests.reports.delivered import scheduled

    with cast.acting("ines"):  # one walk may ask for it twice
        found = Schedule.objects.filter(organisation_id=cast.scope(name).organisation_id).first()
    return (found or scheduled(cast, name)).pk


def _comment(cast, name):
    from accounts.scope import acting_as
    from reports.delivery.answering import comment
    from reports.models import Edition

    pk, scope = _edition(cast, name), cast.scope(name)
    with acting_as(scope):
        return comment(Edition.objects.get(pk=pk), "Which months?", by=scope).pk


def _link(cast, name):
    from datetime import timedelta

    from django.utils import timezone

    from reports.delivery.links import issue
    from reports.models import Edition

    pk, user_id = _edition(cast, name), cast.user(name).pk
    with cast.acting("ines"):
        at = timezone.now() - timedelta(minutes=1)
        return issue(Edition.objects.get(pk=pk), user_id, name, at=at)[0].pk


RESOLVE = {"frozen": _edition, "fay_schedule": _schedule, "fay_comment": _comment, "fay_link": _link}
SEEN = OF_FAY | {"fay": 200, "ines": 200, "mara": 200, "lena": 200, "zed": 302, "nobody": 302}
OUT = {"zed": 302, "nobody": 302}
NOT_OURS = dict.fromkeys(("dana", "abel", "rosa", "sefo", "tavi", "omar", "olga", "kofi", "nell"), 404)
PAGES = [
    ("reports:schedules", {}, EVERY_MEMBER | OUT),
    ("reports:downloads", {}, EVERY_MEMBER | OUT),
    ("reports:comments", {}, EVERY_MEMBER | OUT),
    ("reports:schedule", {"pk": "fay_schedule=fay"}, SEEN),
    ("reports:schedule_states", {"pk": "fay_schedule=fay"}, NOT_OURS | {"fay": 403, "lena": 403, "ines": 422} | OUT, "post"),
    ("reports:deliveries", {"pk": "frozen=fay"}, SEEN),
    ("reports:comments_of", {"pk": "frozen=fay"}, SEEN),
    ("reports:answers", {"pk": "fay_comment=fay"}, NOT_OURS | {"fay": 403, "ines": 422} | OUT, "post"),
    ("reports:announcements", {"pk": "frozen=fay"}, NOT_OURS | {"fay": 403, "lena": 403, "ines": 303} | OUT, "post"),
    ("reports:acknowledgements", {"pk": "frozen=fay"}, NOT_OURS | {"ines": 403, "lena": 403, "fay": 303} | OUT, "post"),
    ("reports:revocations", {"pk": "fay_link=fay"}, NOT_OURS | {"fay": 403, "ines": 303} | OUT, "post"),
    ("reports:link", {}, dict.fromkeys(EVERY_MEMBER, 404) | OUT),
    ("reports:open_link", {"token": "no-such-token"}, dict.fromkeys((*EVERY_MEMBER, "zed", "nobody"), 302)),
]  # fmt: skip
