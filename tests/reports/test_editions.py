"""What happens to an edition: corrected by a new one that says what changed, withdrawn, made again; and what is signed."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.scope import acting_as, compiler_scope
from reports.compiling import compile_report
from reports.content import Content, Dimension, Figure, Label, Section
from reports.disclosure import disclose
from reports.editions import made_again, what_changed, withdraw
from reports.models import Edition, EditionFile, PublishedCell, SignOff, Withdrawal
from reports.published import Selection
from reports.register import published_before, signed_for
from reports.signing import sign
from tests.reports.demonstration import edition as demonstration
from tests.reports.test_compiling import order_of
from workers.journey.door import move
from workers.models import Placement

DEATHS = "deceased"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def compiled(cast, name, kind, **more):
    scope = cast.scope(name)
    with acting_as(scope):
        return compile_report(order_of(cast, name, kind, **more), by=scope)


# --- what changed -----------------------------------------------------------------------------------------------------


def ends(**numbers):
    values = tuple(Label(name, name.title()) for name in numbers)
    figures = [Figure(metric="ends", cell={"end": e}, value=Decimal(n), unit="people") for e, n in numbers.items()]
    return Section(
        metric="ends", title="Ends", definition="D", population="people", kind="count", statement="S",
        figures=tuple(figures), dimensions=(Dimension(name="end", title="End", relation="separate", values=values),),
    )  # fmt: skip


def test_a_correction_says_cell_by_cell_what_changed_and_tells_no_hidden_number():
    first, _note = disclose([ends(resigned=40, moved=30, left=20, ill=4)], "funder")
    content = demonstration(extra=())
    before = Edition(number=1, sha256="a" * 64, content=Content.from_json(content.to_json()).to_json())
    before.content = {
        **before.content,
        "sections": [s.to_json() for s in first],
        "versions": {"code": "1", "scheme": "x"},
    }
    later, _note = disclose([ends(resigned=55, moved=30, left=4, ill=2, new=12)], "funder")
    told = what_changed(before, later, {"code": "2", "scheme": "x"}, "Late records.")
    assert (told.edition, told.sha256, told.reason) == (1, "a" * 64, "Late records.")
    assert told.changes == (
        "Another version of the portal than in the edition before.",
        "Ends, Resigned: 40 before, 55 now.",
        "Ends, Left: was shown, is hidden now.",
        "Ends, New: new.",
    )


def test_a_report_that_lost_a_figure_says_so():
    first, _note = disclose([ends(resigned=40)], "funder")
    content = demonstration().to_json() | {"sections": [s.to_json() for s in first]}
    before = Edition(number=1, sha256="a" * 64, content=content)
    assert what_changed(before, (), {}, "").changes == ("Ends: no longer in this report.",)
    assert what_changed(before, (), {}, "").reason == "Compiled again with later data."


# --- the register -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_cell_of_an_edition_stands_in_the_register_and_no_hidden_one_has_a_number(cast):
    edition = compiled(cast, "fay", "funder")
    figures = [f for s in Content.from_json(edition.content).sections for f in s.figures]
    with cast.acting("ines"):
        cells = list(PublishedCell.objects.filter(edition=edition))
    of_figures = [c for c in cells if " " not in c.metric]
    assert len(of_figures) == len(figures)
    assert {c.status for c in of_figures} <= {"shown", "hidden"}
    assert all(c.numbers is None for c in cells if c.status == "hidden")
    assert {c.selection for c in cells} == {Selection(cast.pilot().slug, *YEAR).fingerprint}


@pytest.mark.django_db
def test_the_database_refuses_a_hidden_cell_with_a_number(cast):
    edition = compiled(cast, "fay", "funder")
    scope = compiler_scope(cast.scope("fay"), (edition.pilot_id,))
    with acting_as(scope), pytest.raises(IntegrityError, match="hidden_cell_has_no_number"), transaction.atomic():
        PublishedCell.objects.create(
            pilot_id=edition.pilot_id, organisation_id=edition.organisation_id, edition=edition, audience="funder",
            metric="x", selection="s", period_from=YEAR[0], period_to=YEAR[1], as_of=edition.as_of, status="hidden",
            numbers={"value": 3},
        )  # fmt: skip


@pytest.mark.django_db
def test_readers_outside_share_a_register_and_the_programme_has_its_own(cast):
    compiled(cast, "fay", "funder")
    compiled(cast, "ines", "pilot")
    pilot = cast.pilot()
    with acting_as(compiler_scope(cast.scope("olga"), (pilot.pk,))):
        outside = published_before(pilot.pk, pilot.slug, "employer")
        inside = published_before(pilot.pk, pilot.slug, "programme")
    assert len(outside.entries) > 50
    assert len(inside.entries) > 50
    shown = [sum(not e.figure.suppressed for e in one.entries) for one in (outside, inside)]
    assert shown[1] > shown[0]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["fay", "olga", "sefo", "rosa"])
def test_nobody_but_the_programme_reads_the_register(cast, name):
    compiled(cast, "fay", "funder")
    with cast.acting(name), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(PublishedCell.objects.all())


# --- withdrawing ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_withdrawn_edition_tells_its_reader_why_and_keeps_its_bytes(cast, sign_in):
    edition = compiled(cast, "fay", "funder")
    with cast.acting("fay"):
        before = {f.name: f.sha256 for f in EditionFile.objects.filter(edition=edition)}
    answer = sign_in("ines").post(
        f"/editions/{edition.pk}/withdrawals/", {"reason": "The pay of May was entered twice."}
    )
    assert answer.status_code == 303
    page = sign_in("fay").get(f"/editions/{edition.pk}/").content.decode()
    assert "This edition was withdrawn" in page
    assert "The pay of May was entered twice." in page
    assert "Withdrawn" in sign_in("fay").get("/reports/").content.decode()
    with cast.acting("fay"):
        assert {f.name: hashlib.sha256(bytes(f.body)).hexdigest() for f in edition.files.all()} == before


@pytest.mark.django_db
def test_withdrawing_needs_a_reason_and_happens_once(cast, sign_in):
    edition = compiled(cast, "fay", "funder")
    client = sign_in("ines")
    assert client.post(f"/editions/{edition.pk}/withdrawals/", {"reason": " "}).status_code == 422
    client.post(f"/editions/{edition.pk}/withdrawals/", {"reason": "Wrong."})
    again = client.post(f"/editions/{edition.pk}/withdrawals/", {"reason": "Wrong again."})
    assert again.status_code == 422
    assert "withdrawn already" in again.content.decode()
    with cast.acting("ines"):
        assert Withdrawal.objects.get().reason == "Wrong."


@pytest.mark.django_db
def test_a_reader_cannot_withdraw_what_was_sent_to_them(cast, sign_in):
    edition = compiled(cast, "fay", "funder")
    with cast.acting("fay") as by, pytest.raises(PermissionDenied):
        withdraw(edition, by=by, reason="I do not like it.")
    answer = sign_in("fay").post(f"/editions/{edition.pk}/withdrawals/", {"reason": "I do not like it."})
    assert answer.status_code == 403


@pytest.mark.django_db
def test_the_history_lists_every_edition_with_its_reason_and_does_not_send_the_reader_to_a_withdrawn_one(cast, sign_in):
    first = compiled(cast, "fay", "funder")
    second = compiled(cast, "fay", "funder", reason="Late records of May.")
    page = sign_in("fay").get(f"/editions/{first.pk}/history/").content.decode()
    assert "Late records of May." in page
    assert first.sha256 in page
    assert second.sha256 in page
    assert f"/editions/{second.pk}/" in sign_in("fay").get(f"/editions/{first.pk}/").content.decode()
    with cast.acting("ines") as by:
        withdraw(second, by=by, reason="Wrong pilot.")
    assert "There is a newer edition" not in sign_in("fay").get(f"/editions/{first.pk}/").content.decode()


# --- signatures -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_death_is_shown_only_after_a_safeguarding_lead_signed_and_hidden_again_after_the_next_decision(cast, sign_in):
    pilot, selection = cast.pilot(), Selection(cast.pilot().slug, *YEAR)
    section = ends(resigned=40, deceased=1)
    section = Section(
        **{f: getattr(section, f) for f in section.__slots__} | {"metric": "early_ends", "rare": (DEATHS,)}
    )
    form = {"pilot": pilot.pk, "event": DEATHS, "period_from": YEAR[0], "period_to": YEAR[1], "decision": "show",
            "reason": "The family agreed; the press has the number."}  # fmt: skip
    for decision, cells in (("show", {("early_ends", (("end", "deceased"),))}), ("hide", set())):
        assert sign_in("lena").post("/reports/signatures/", form | {"decision": decision}).status_code == 303
        with acting_as(compiler_scope(cast.scope("fay"), (pilot.pk,))):
            assert signed_for(pilot.pk, selection, [section]) == cells
            of_one = Selection(pilot.slug, *YEAR, employer=7)
            assert signed_for(pilot.pk, of_one, [section]) == set()  # never of one employer
    page = sign_in("lena").get("/reports/signatures/").content.decode()
    assert "Lena Verde" in page


@pytest.mark.django_db
def test_a_signature_needs_a_year_a_reason_and_a_safeguarding_lead(cast, sign_in):
    pilot = cast.pilot()
    form = {"pilot": pilot.pk, "event": DEATHS, "period_from": "2026-01-01", "period_to": "2026-06-30",
            "decision": "show", "reason": "Because."}  # fmt: skip
    answer = sign_in("lena").post("/reports/signatures/", form)
    assert answer.status_code == 422
    assert "for a year at least" in answer.content.decode()
    assert sign_in("ines").post("/reports/signatures/", form | {"period_to": "2026-12-31"}).status_code == 403
    with cast.acting("lena") as by, pytest.raises(ValidationError):
        sign(pilot.pk, DEATHS, *YEAR, by=by, may_be_shown=True, reason=" ")
    with cast.acting("mara") as by, pytest.raises(PermissionDenied):
        sign(pilot.pk, DEATHS, *YEAR, by=by, may_be_shown=True, reason="Because.")
    with cast.acting("lena"), pytest.raises(IntegrityError, match="rare_event_for_a_year"), transaction.atomic():
        SignOff.objects.create(
            pilot_id=pilot.pk, organisation_id=cast.scope("lena").organisation_id, event=DEATHS,
            period_from=YEAR[0], period_to=YEAR[0] + timedelta(days=30), may_be_shown=True, reason="x",
            user_id=cast.scope("lena").user_id, signed_name="Lena",
        )  # fmt: skip


# --- made again -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_edition_is_made_again_to_the_byte_after_later_data_and_after_its_people_were_erased(cast, today):
    edition = compiled(cast, "ines", "pilot")
    with cast.acting("ines") as by:
        some = Placement.objects.filter(person__worker_code="IH-002")
        assert move(some, "resign", by=by, at=date(2026, 5, 1), today=today, reason="better_offer").moved
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("show timezone")
        zone = cursor.fetchone()[0]
    with cast.acting("ines"):
        queries: list[str] = []

        def watch(execute, sql, params, many, context):
            queries.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            again = made_again(Edition.objects.get(pk=edition.pk))
    assert again
    assert all(again.values()), (zone, again)
    assert not [sql for sql in queries if "workers_" in sql or "compliance_" in sql]
