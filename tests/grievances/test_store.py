"""The store itself, spoken to in SQL and through the doors: named readers, and never those whom it is about."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError

from accounts.models import Membership
from accounts.scope import acting_as, desk_scope
from compliance.grievances import door, readers
from compliance.grievances.filing import file
from compliance.models import (
    Finding,
    Grievance,
    GrievanceEvent,
    GrievanceIdentity,
    GrievanceMessage,
    GrievanceOffer,
    GrievanceOpening,
)
from tests.grievances.conftest import ON, filed, joins
from workers.models import Hold

pytestmark = pytest.mark.django_db
OUTSIDERS = ("ines", "mara", "sefo", "tavi", "omar", "olga", "kofi", "nell", "fay", "dana", "abel")


def seen(model) -> int:
    """How many rows the role in force sees; a role without any grant sees none."""
    try:
        with transaction.atomic():
            return model.objects.count()
    except DatabaseError:
        return 0


def test_it_has_a_random_code_and_number_its_readers_and_whom_it_is_about(cast, grievance):
    assert grievance.code.startswith("C-")
    assert grievance.pk > 2**41
    assert grievance.reader_ids == sorted([cast.user("rosa").pk, cast.user("lena").pk])
    assert set(grievance.concerned_ids) == {cast.organisation("orchard-bay").pk, cast.organisation("island-hands").pk}
    assert grievance.words_sha256 == hashlib.sha256(b"CANARY-account").hexdigest()


def test_it_moves_nothing_holds_nothing_and_opens_no_finding(cast, grave):
    with cast.acting("lena"):
        assert not Finding.objects.exists()
        assert not Hold.objects.exists()


@pytest.mark.parametrize("model", [Grievance, GrievanceEvent])
def test_only_the_named_read_it_even_in_sql(cast, grievance, model):
    joins(cast, "zed", "harbour-welfare", "welfare_officer")
    for name in ("rosa", "lena"):
        with cast.acting(name):
            assert seen(model) == 1, name
    for name in (*OUTSIDERS, "zed"):
        with cast.acting(name):
            assert seen(model) == 0, name


def test_a_programme_officer_may_be_named_on_an_ordinary_one_and_never_on_a_restricted_one(cast):
    told = filed(cast, by="ines", readers=("lena",)).grievance
    with cast.acting("ines"):
        assert seen(Grievance) == 1
    ines = cast.user("ines").pk
    with pytest.raises(ValidationError, match="may not read"):
        filed(cast, category="violence", limits_told=True, readers=("ines",))
    grave = filed(cast, category="violence", limits_told=True).grievance
    with acting_as(desk_scope(grave.code)):  # named behind the door's back: the policy still says no
        Grievance.objects.filter(pk=grave.pk).update(reader_ids=[*grave.reader_ids, ines])
    with cast.acting("ines"):
        assert list(Grievance.objects.values_list("pk", flat=True)) == [told.pk]


def test_who_told_it_is_apart_and_known_to_whoever_filed_it(cast, grievance):
    for name, sees in (("rosa", 1), ("lena", 0), ("ines", 0), ("omar", 0)):
        with cast.acting(name):
            assert seen(GrievanceIdentity) == sees, name


def test_the_portals_desk_sees_the_one_row_its_key_opens(cast, grievance, grave):
    for key, sees in ((grievance.code, [grievance.pk]), (grave.code, [grave.pk]), ("C-XXXXXXX", []), ("", [])):
        with acting_as(desk_scope(key)):
            assert list(Grievance.objects.values_list("pk", flat=True)) == sees


def test_with_no_scope_nothing_is_there(cast, grievance):
    for model in (Grievance, GrievanceEvent, GrievanceIdentity, GrievanceMessage, GrievanceOffer, GrievanceOpening):
        assert seen(model) == 0


# --- Conflict of interest -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["omar", "sefo", "ines", "dana", "olga"])
def test_a_forged_reader_is_refused(cast, grave, name):
    forged = cast.user(name).pk
    with cast.acting("rosa") as by, pytest.raises(ValidationError, match="may not read"):
        readers.grant(grave, forged, by=by, on=ON, why="x")


@pytest.mark.parametrize("statement", [
    "update compliance_grievance set reader_ids = reader_ids || %s::bigint",
    "update compliance_grievance set reader_ids = reader_ids || %s::bigint, lead_id = null",
])  # fmt: skip
def test_the_database_refuses_a_reader_of_an_organisation_concerned(cast, grievance, statement):
    omar = cast.user("omar").pk
    with cast.acting("rosa"), connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="Nobody whom the case is about"), transaction.atomic():
            cursor.execute(statement, [omar])


def test_the_database_lets_nobody_see_to_it_who_does_not_read_it(cast, grievance):
    ines = cast.user("ines").pk
    with cast.acting("rosa"), connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="is one of its readers"), transaction.atomic():
            cursor.execute("update compliance_grievance set lead_id = %s", [ines])


@pytest.mark.parametrize("column", ["account", "words_sha256", "code", "channel"])
def test_the_persons_words_are_never_overwritten(cast, grievance, column):
    with cast.acting("rosa"), connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="as it was told"), transaction.atomic():
            cursor.execute(f"update compliance_grievance set {column} = 'other'")


def test_events_and_messages_are_never_rewritten(cast, grievance):
    for model in (GrievanceEvent, GrievanceMessage):
        with cast.acting("rosa"), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.update(who="")


def test_a_reader_who_joins_the_organisation_concerned_reads_no_more_wherever_they_act(cast, grave):
    joins(cast, "lena", "orchard-bay", "employer")
    with cast.acting("lena"):
        assert seen(Grievance) == 0
        assert seen(GrievanceEvent) == 0
    lena = cast.user("lena").pk
    with cast.acting("rosa"):
        assert readers.gone(grave) == [lena]


def test_an_organisation_found_to_be_concerned_later_takes_its_people_off_at_once(cast, grievance):
    programme, lena = cast.organisation("fair-passage").pk, cast.user("lena").pk
    with cast.acting("rosa") as by:
        assert readers.concern(grievance, [programme], [], by=by, on=ON) == [lena]
        assert [e.kind for e in grievance.events.order_by("recorded_at", "pk")].count("revoked") == 1
    with cast.acting("lena"):
        assert seen(Grievance) == 0


def test_whoever_finds_out_that_it_is_about_themselves_stops_reading_with_that_act(cast, grievance):
    with cast.acting("rosa") as by:
        readers.concern(grievance, [], [by.user_id], by=by, on=ON)
        assert seen(Grievance) == 0
    with cast.acting("lena"):
        assert Grievance.objects.get().lead_id is None


def test_somebody_must_be_left_to_read_it(cast):
    alone = filed(cast, readers=()).grievance
    with cast.acting("rosa") as by, pytest.raises(ValidationError, match="Nobody would be left"):
        readers.concern(alone, [], [by.user_id], by=by, on=ON)


def test_nobody_files_about_their_own_organisation(cast):
    placement = cast.placement("IH-001")
    with cast.acting("rosa") as by, pytest.raises(ValidationError, match="You belong to an organisation"):
        file(
            by=by, on=ON, pilot_id=placement.pilot_id, placement=placement, category="pay", account="x",
            channel="phone", concerned_ids=[cast.organisation("harbour-welfare").pk],
        )  # fmt: skip


@pytest.mark.parametrize("name", ["omar", "sefo", "fay", "kofi"])
def test_nobody_without_the_right_files(cast, name):
    placement = cast.placement("IH-001")
    with cast.acting(name) as by, pytest.raises(PermissionDenied):
        file(by=by, on=ON, pilot_id=placement.pilot_id, category="pay", account="x", channel="phone")


def test_every_reason_against_filing_is_said_at_once(cast):
    pilot, omar = cast.pilot().pk, cast.user("omar").pk
    with cast.acting("rosa") as by, pytest.raises(ValidationError) as refused:
        file(
            by=by, on=ON, pilot_id=pilot, category="", account=" ", channel="", restricted=True, reader_ids=[omar],
        )  # fmt: skip
    assert set(refused.value.message_dict) == {"category", "account", "channel", "limits_told", "readers"}


# --- Readers --------------------------------------------------------------------------------------------------


def test_a_reader_is_named_and_taken_off_with_a_reason_and_both_are_events(cast):
    told = filed(cast, by="ines", readers=()).grievance
    mara, ines = cast.user("mara").pk, cast.user("ines").pk
    with cast.acting("ines") as by:
        with pytest.raises(ValidationError, match="Say why"):
            readers.grant(told, mara, by=by, on=ON, why=" ")
        readers.grant(told, mara, by=by, on=ON, why="I am away in August.")
    with cast.acting("mara") as by:
        readers.hand_over(told, mara, by=by, on=ON, why="Ines is away.")
        readers.remove(told, ines, by=by, on=ON, why="She changed teams.")
        assert [e.kind for e in told.events.all()] == ["opened", "granted", "lead", "revoked"]
    with cast.acting("ines"):
        assert seen(Grievance) == 0


def test_of_two_readers_at_once_one_wins(cast, grievance):
    with cast.acting("lena") as by:
        door.note(Grievance.objects.get(), by=by, on=ON, text="called")
    with cast.acting("rosa") as by, pytest.raises(door.Changed):
        door.note(grievance, by=by, on=ON, text="called too")


def test_a_programme_officer_hands_what_is_graver_to_a_lead_and_reads_it_no_more(cast):
    told = filed(cast, by="ines", readers=()).grievance
    mara, lena = cast.user("mara").pk, cast.user("lena").pk
    with cast.acting("ines") as by:
        with pytest.raises(ValidationError, match="safeguarding lead or a welfare officer"):
            door.raise_to_restricted(told, by=by, on=ON, reader_ids=[mara])
        door.raise_to_restricted(told, by=by, on=ON, reader_ids=[lena])
        assert seen(Grievance) == 0
    with cast.acting("lena"):
        assert Grievance.objects.get().restricted


def test_what_nobody_can_read_any_more_is_shown_to_a_lead_as_a_code_and_taken_up(cast):
    alone = filed(cast, readers=()).grievance
    with cast.acting("lena") as by:
        assert readers.left_alone(by) == []
        assert not readers.take_up(alone.code, by=by, on=ON)
    joins(cast, "zed", "harbour-welfare", "welfare_officer")
    with acting_as(None):
        Membership.objects.filter(user__email="rosa@cast.example").update(ended_at=datetime(2030, 1, 1, tzinfo=UTC))
    with cast.acting("lena") as by:
        assert [row.code for row in readers.left_alone(by)] == [alone.code]
        assert readers.take_up(alone.code, by=by, on=ON)
        assert Grievance.objects.get().lead_id == by.user_id
        assert seen(GrievanceIdentity) == 0
        assert readers.left_alone(by) == []
    with cast.acting("zed") as by:
        assert readers.left_alone(by) == []


def test_a_lead_whom_it_is_about_is_not_shown_even_the_code(cast):
    alone = filed(cast, readers=(), concerned_ids=[cast.organisation("fair-passage").pk]).grievance
    with acting_as(None):
        Membership.objects.filter(user__email="rosa@cast.example").update(ended_at=datetime(2030, 1, 1, tzinfo=UTC))
    with cast.acting("lena") as by:
        assert readers.left_alone(by) == []
        assert not readers.take_up(alone.code, by=by, on=ON)


# --- Time -----------------------------------------------------------------------------------------------------


def test_an_opening_lasts_an_hour_at_most_and_is_reviewed_by_another(cast, grave):
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    fields = {
        "pilot_id": grave.pilot_id, "grievance": grave, "code": grave.code, "user_id": 1, "organisation_id": 1, "who": "x",
        "reason": "x", "opened_at": at, "review_by": ON,
    }  # fmt: skip
    for wrong in ({"until": at + timedelta(hours=2)}, {"until": at}):
        with (
            acting_as(desk_scope(grave.code)),
            pytest.raises(IntegrityError, match="opening_ends"),
            transaction.atomic(),
        ):
            GrievanceOpening.objects.create(**fields, **wrong)
    reviewed = {"reviewed_by": 1, "reviewed_on": ON, "justified": True, "review": "x"}
    with acting_as(desk_scope(grave.code)), pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
        GrievanceOpening.objects.create(**fields, until=at + timedelta(hours=1), **reviewed)
