"""The tabs above the pages of delivery."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.requests import PortalRequest


def tabs(request: PortalRequest, current: str) -> list[dict]:
    """Schedules, downloads and comments, each showing what the reader may see of them."""
    pages = (("schedules", _("Schedules")), ("downloads", _("Downloads")), ("comments", _("Comments")))
    return [{"label": words, "url": reverse(f"reports:{name}"), "current": name == current} for name, words in pages]
