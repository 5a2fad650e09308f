"""Mail to those who see to grievances: that something waits, and nothing else. No name, no code, no subject, no link."""

import logging

from celery import current_app
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scope import acting_as

log = logging.getLogger(__name__)
TASK = "lamp_portal.tasks.tell"


def tell(user_ids: list[int]) -> None:
    """Have these people told after the commit, by a worker process: who files must not wait longer because of it.

    No job row is made: jobs are numbered, and a gap in the numbers would tell. A lost message costs a mail; what waits
    stands on the person's own page anyway.
    """
    transaction.on_commit(lambda: _send(user_ids), robust=True)


def _send(user_ids: list[int]) -> None:
    try:
        current_app.send_task(TASK, args=[user_ids], retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's trouble, the filing stands
        log.warning("notices not sent: %s", type(error).__name__)


def deliver(user_ids: list[int]) -> int:
    """Write the mails; answers how many. The same words for everybody and everything."""
    with acting_as(None):
        people = list(
            User.objects.filter(pk__in=user_ids, is_active=True).order_by("pk").values_list("email", "language")
        )
    for email, language in people:
        with translation.override(language):
            body = render_to_string("compliance/mail/waiting.txt")
            EmailMessage(_("Something waits for you in the LaMP Portal"), body, to=[email]).send()
    return len(people)
