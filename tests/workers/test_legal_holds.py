"""A legal hold: placed by name with a reason and a day, read by those who may, lifted with a reason, never taken away."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.scope import acting_as
from workers.legal_holds import place, standing
from workers.models import LegalHold

pytestmark = pytest.mark.django_db
FAR = date(2099, 1, 1)


def put(client, person_id: int, **fields):
    return client.post(reverse("workers:legal_holds", args=[person_id]), {"reason": "A claim in court."} | fields)


def test_a_manager_places_one_and_a_safeguarding_lead_lifts_it_both_by_name(cast, sign_in):
    person = cast.placement("IH-001").person
    mara, lena = sign_in("mara"), sign_in("lena")
    assert put(mara, person.pk, review_on=FAR).status_code == 303
    with cast.acting("lena"):
        hold = LegalHold.objects.get()
        assert list(standing(date(2098, 1, 1))) == [hold]
    assert (hold.placed_by_name, hold.pilot_id) == ("Mara Verde", person.pilot_id)
    page = lena.get(reverse("workers:person", args=[person.pk])).content.decode()
    assert "A claim in court." in page
    assert "Nothing is deleted" in page
    assert "A claim in court." in mara.get(reverse("workers:standing_holds")).content.decode()
    url = reverse("workers:legal_hold_lifting", args=[hold.pk])
    assert lena.post(url, {"reason": " "}).status_code == 422
    assert lena.post(url, {"reason": "The court has decided."}).status_code == 303
    again = mara.post(url, {"reason": "It is paid."})
    assert again.status_code == 409
    assert all(words in again.content.decode() for words in ("Lena Verde", "The court has decided.", "It is paid."))
    assert lena.get(url).status_code == 404
    with cast.acting("lena"):
        hold.refresh_from_db()
        assert (hold.lifted_by_name, hold.lifted_reason) == ("Lena Verde", "The court has decided.")
        assert not standing(timezone.localdate()).exists()
        told = AuditEvent.objects.filter(action__startswith="legal hold").order_by("id")
        assert list(told.values_list("action", "reason")) == [("legal hold placed", ""), ("legal hold lifted", "")]
    assert "Lifted by Lena Verde" in mara.get(reverse("workers:person", args=[person.pk])).content.decode()


@pytest.mark.parametrize("fields", [
    {}, {"review_on": FAR, "ends_on": FAR}, {"review_on": timezone.localdate()}, {"ends_on": FAR, "reason": ""},
])  # fmt: skip
def test_without_a_reason_and_one_day_to_come_none_is_placed(cast, sign_in, fields):
    assert put(sign_in("mara"), cast.placement("IH-001").person_id, **fields).status_code == 422
    with cast.acting("mara"):
        assert not LegalHold.objects.exists()


def test_it_stands_once_for_a_reason_and_ends_by_itself_after_its_last_day(cast, sign_in):
    person, mara = cast.placement("IH-001").person_id, sign_in("mara")
    assert put(mara, person, ends_on=FAR).status_code == 303
    assert put(mara, person, review_on=FAR).status_code == 422
    with cast.acting("mara"):
        assert standing(FAR).exists()
        assert not standing(FAR + timedelta(days=1)).exists()


def test_officers_read_it_and_partners_learn_nothing_of_it(cast, sign_in):
    person = cast.placement("IH-001").person_id
    put(sign_in("mara"), person, review_on=FAR)
    page = sign_in("ines").get(reverse("workers:person", args=[person])).content.decode()
    assert "A claim in court." in page
    assert "Place a legal hold" not in page
    for who in ("omar", "sefo", "rosa"):
        shown = sign_in(who).get(reverse("workers:person", args=[person]))
        assert shown.status_code == 200
        assert "legal" not in shown.content.decode().lower()
        with pytest.raises(DatabaseError, match="permission denied"), cast.acting(who), transaction.atomic():
            LegalHold.objects.exists()


def test_the_door_asks_for_the_verb_and_the_database_for_the_days(cast):
    person = cast.placement("IH-001").person
    with cast.acting("ines") as by, pytest.raises(PermissionDenied):
        place(LegalHold(person=person, reason="x", review_on=FAR), by=by, today=date(2026, 7, 1))
    with acting_as(cast.scope("mara")), pytest.raises(DatabaseError, match="legal_hold_ends_or_is_reviewed"):
        LegalHold.objects.create(
            person=person, pilot_id=person.pilot_id, reason="x", placed_by=cast.user("mara"), placed_by_name="Mara"
        )
