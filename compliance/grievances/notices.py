"""Mail to those who see to grievances: that something waits, and nothing else. No name, no code, no subject, no link."""

import logging

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from compliance import mails

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
    return mails.write(user_ids, _("Something waits for you in the LaMP Portal"), "compliance/mail/waiting.txt")
