"""Mail of duties: one for each person and day, in their language, to whom it concerns, and with nothing in it."""

from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from accounts.models import Membership, User
from accounts.scope import acting_as, operator_scope
from compliance.duties.reminding import sweep_duties
from compliance.models import DutyReminder
from workers.models import Person

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 20)


def to() -> list[str]:
    return [address for message in mail.outbox for address in message.to]


def test_each_person_gets_one_mail_however_many_duties_and_nights(field):
    made = sweep_duties(ON)
    assert len(made) > len(to()) > 0
    assert len(set(to())) == len(to())
    mail.outbox.clear()
    sweep_duties(ON)
    assert to() == []


def test_a_second_run_on_the_same_day_writes_to_nobody_again(field, cast):
    sweep_duties(ON)
    first = set(to())
    mail.outbox.clear()
    field.event("IH-001", "departed", ON - timedelta(days=40))
    sweep_duties(ON)
    assert not set(to()) & first


def test_subject_and_body_are_the_same_for_everybody_of_a_language_and_name_nobody(field, cast):
    with acting_as(None):
        User.objects.filter(pk=cast.user("omar").pk).update(language="fr")
    sweep_duties(ON)
    texts = {(m.subject, m.body) for m in mail.outbox if m.to != [cast.user("omar").email]}
    assert len(texts) == 1
    ((subject, body),) = texts
    with cast.acting("ines"):
        people = list(Person.objects.values_list("worker_code", "family_name", "given_names"))
    for words in {word for person in people for word in person if word}:
        assert words not in subject + body
    assert not any(c.isdigit() for c in subject + body)
    assert "http" not in body


def test_it_goes_to_whom_the_reminder_is_for_and_to_no_one_else(field, cast):
    sweep_duties(ON)
    with cast.acting("ines"):
        rows = list(DutyReminder.objects.filter(reminded_on=ON))
    with acting_as(None):
        owners = {row.organisation_id for row in rows}
        allowed = set(Membership.objects.filter(organisation_id__in=owners).values_list("user__email", flat=True))
    mine = {
        address for address in to() if address in {cast.user(n).email for n in ("ines", "mara", "omar", "sefo", "rosa")}
    }
    assert mine <= allowed
    for name in ("kofi", "nell", "fay", "opal", "zed", "lena"):
        assert cast.user(name).email not in to(), name


def test_whoever_left_or_may_not_sign_in_gets_none(field, cast):
    with acting_as(operator_scope()):
        User.objects.filter(pk=cast.user("omar").pk).update(is_active=False)
    sweep_duties(ON)
    assert cast.user("omar").email not in to()


def test_an_address_that_takes_no_mail_keeps_nobody_else_from_theirs(field, cast, monkeypatch):
    real = EmailMessage.send

    def send(self, *args, **kwargs):
        if self.to == [cast.user("omar").email]:
            raise SMTPRecipientsRefused({})
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)
    sweep_duties(ON)
    assert cast.user("omar").email not in to()
    assert to()
