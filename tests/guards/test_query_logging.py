"""Nothing that a person is known by ends in a log line or in the subject of a message, not even when something breaks."""

import io
import logging
import logging.config
from decimal import Decimal

import pytest
from django.conf import settings
from django.core import mail
from django.db import DataError, connection, transaction
from django.urls import reverse

from workers.models import Consent, IdentityDocument, Person, PersonBackground, PersonContact, Placement

pytestmark = pytest.mark.django_db

CANARIES = {
    "family_name": "Quetzalcanary",
    "given_names": "Zephyrinetta",
    "village": "Canaryville",
    "phone": "+6769911713",
    "number": "PX1917131",
    "home_income": "191713.17",
}


@pytest.fixture
def canary(cast) -> Placement:
    """A placement of a person whose every word is recognised wherever it turns up."""
    from datetime import date

    from workers.journey.enrolment import enrol

    with cast.acting("sefo") as by:
        cohort = Placement.objects.filter(person__worker_code__startswith="IH-").earliest("pk").cohort
        person = Person.objects.create(
            pilot=cohort.pilot, worker_code="IH-777", recruiter_id=by.organisation_id, nationality="TO",
            family_name=CANARIES["family_name"], given_names=CANARIES["given_names"], village=CANARIES["village"],
        )  # fmt: skip
        own = {"person": person, "pilot": cohort.pilot, "recruiter_id": by.organisation_id}
        PersonContact.objects.create(**own, phone=CANARIES["phone"])
        PersonBackground.objects.create(**own, home_income=Decimal(CANARIES["home_income"]), home_income_currency="TOP")
        IdentityDocument.objects.create(**own, kind="passport", number=CANARIES["number"], country="TO")
        Consent.objects.create(**own, purpose="participation", given_on=date(2025, 11, 1))
        made = enrol([person.pk], cohort, by=by, at=date(2025, 11, 10))
        return Placement.objects.select_related("person").get(pk=made[0])


@pytest.fixture
def log():
    """Everything that every logger says at DEBUG, written as the settings write it."""
    stream = io.StringIO()
    maker = logging.config.DictConfigurator(settings.LOGGING)
    formatter = maker.configure_formatter(dict(settings.LOGGING["formatters"]["plain"]))
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    # As configured, the log of queries stays at WARNING: it is the one that would print values.
    changed = [(one, one.level, one.propagate) for one in loggers if one.name not in settings.LOGGING["loggers"]]
    for one, _level, _propagate in changed:
        one.setLevel(logging.DEBUG)
        one.propagate = True
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)
    for one, level, propagate in changed:
        one.setLevel(level)
        one.propagate = propagate


def told(text: str) -> list[str]:
    """The canaries found in a text."""
    return [name for name, value in CANARIES.items() if value.lower() in text.lower()]


def pages(placement: Placement) -> list[str]:
    """Addresses that show the person, or look for them."""
    return [
        reverse("home"),
        reverse("workers:list") + f"?q={CANARIES['family_name']}",
        reverse("workers:placement", kwargs={"pk": placement.pk}),
        reverse("workers:person", kwargs={"pk": placement.person_id}),
        reverse("workers:history", kwargs={"pk": placement.pk}),
        reverse("workers:cohort", kwargs={"pk": placement.cohort_id}),
    ]


@pytest.mark.parametrize("reader", ["ines", "sefo", "tavi"])
def test_pages_write_nothing_personal_to_the_log(sign_in, canary, log, reader):
    client = sign_in(reader)
    shown = [client.get(address) for address in pages(canary)]
    # The family name is what everybody here typed into the search; the given names are shown to whoever found somebody.
    assert any(CANARIES["given_names"] in page.content.decode() for page in shown) == (reader != "tavi")
    assert told(log.getvalue()) == []


def test_a_refused_form_writes_nothing_personal_to_the_log(sign_in, canary, log):
    """The words of the refusal go to the reader's page only; nothing is sent by mail either."""
    address = reverse("workers:documents", kwargs={"pk": canary.pk})
    data = {"kind": "passport", "number": CANARIES["number"], "country": CANARIES["village"], "issued_on": "never"}
    assert sign_in("sefo").post(address, data).status_code in {403, 404, 422}
    assert told(log.getvalue()) == []
    assert told(" ".join(message.subject for message in mail.outbox)) == []


def test_the_subject_of_a_message_names_nobody(sign_in, log, django_capture_on_commit_callbacks):
    """Subjects stand on locked screens, and addresses of the invited are theirs."""
    with django_capture_on_commit_callbacks(execute=True):
        address = {"email": "quetzalcanary@cast.example", "role": "programme_officer"}
        assert sign_in("ines").post(reverse("accounts:invitations"), address).status_code == 303
    assert mail.outbox
    assert told(" ".join(message.subject for message in mail.outbox)) == []
    assert told(log.getvalue()) == []


def test_a_failure_is_told_without_the_value_it_failed_on(cast, log):
    """PostgreSQL quotes what it cannot read; the log keeps the code of the trouble and where it arose."""
    with cast.acting("sefo"), pytest.raises(DataError, match=CANARIES["village"]) as caught, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select %s::date", [CANARIES["village"]])
    logging.getLogger("django.request").error("Internal Server Error", exc_info=caught.value)
    written = log.getvalue()
    assert "psycopg.errors.InvalidDatetimeFormat 22007" in written
    assert "Traceback" in written
    assert told(written) == []


def test_a_page_that_breaks_on_a_person_tells_nothing_of_them(sign_in, canary, log, monkeypatch):
    def broken(_self):
        raise ValueError(f"{CANARIES['family_name']} cannot be shown")

    monkeypatch.setattr(Person, "name", property(broken))
    client = sign_in("ines")
    client.raise_request_exception = False
    assert client.get(pages(canary)[2]).status_code == 500
    assert "builtins.ValueError" in log.getvalue()
    assert told(log.getvalue()) == []


def test_the_guard_of_the_log_can_fail(log, canary):
    logging.getLogger("workers").debug("saw %s", canary.person.name)
    assert told(log.getvalue()) == ["family_name", "given_names"]
    log.truncate(0)
    logging.getLogger("django.request").handlers.append(plain := logging.StreamHandler(log))
    try:
        raise ValueError(CANARIES["number"])
    except ValueError:
        logging.getLogger("django.request").exception("broken")
    logging.getLogger("django.request").handlers.remove(plain)
    assert "number" in told(log.getvalue())


def test_the_log_of_queries_is_off_whatever_the_root_says():
    assert settings.LOGGING["loggers"]["django.db.backends"]["level"] == "WARNING"
