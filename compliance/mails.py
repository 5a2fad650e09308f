"""Mail that tells nothing: that something waits in the portal, to each in their own language. No name, no number, no link."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from accounts.models import User
from accounts.scope import acting_as

log = logging.getLogger(__name__)


def write(user_ids: Iterable[int], subject: str | Promise, template: str) -> int:
    """Mail these people, as far as they may sign in; answers how many mails went out.

    ``subject`` is a text that is translated when it is used (lazy). One address that takes no mail keeps nobody else from theirs.
    """
    with acting_as(None):
        people = list(
            User.objects.filter(pk__in=list(user_ids), is_active=True).order_by("pk").values_list("email", "language")
        )
    sent = 0
    for email, language in people:
        with translation.override(language):
            message = EmailMessage(str(subject), render_to_string(template), to=[email])
        try:
            sent += message.send() or 0
        except (SMTPException, OSError) as error:
            log.warning("a mail was not sent: %s", type(error).__name__)
    return sent
