"""Handing over a leaver's work: what is shown, what moves, to whom it may go, the way back, and who may do it; who has how much."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Membership, SavedView
from accounts.scope import acting_as, operator_scope
from compliance.grievances.filing import file
from compliance.models import Grievance, GrievanceEvent
from lamp_portal.handing_over import door
from lamp_portal.handing_over.caseload import caseload
from lamp_portal.handing_over.piles import To
from pilots.models import Pilot
from reports.delivery.models import Schedule
from workers.models import Task, TaskStep
from workers.notes import tasks
from workers.notes.about import about_placement

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 1)
EARLIER, LATER = date(2026, 1, 1), date(2099, 1, 1)


def member(cast, name: str) -> Membership:
    with acting_as(operator_scope()):
        return Membership.objects.select_related("user").get(user=cast.user(name), ended_at__isnull=True)


def leave(cast, name: str) -> None:
    with acting_as(operator_scope()):
        Membership.objects.filter(pk=member(cast, name).pk).update(ended_at=timezone.now())


@pytest.fixture
def open_work(cast):
    """Ines has two tasks, one past its day, one that is done, a view of the team, one of her own, and a schedule; → the page."""
    one = cast.placement("IH-001")
    with cast.acting("ines") as by:
        me, about, now = (
            tasks.Holder(by.organisation_id, by.user_id, "Ines Verde"),
            about_placement(one.pk),
            timezone.now(),
        )
        for words, due in (("Call at once", EARLIER), ("Call some day", LATER)):
            tasks.give(about, words, me, by=by, at=now, due_on=due)
        tasks.finish(tasks.give(about, "Was called", me, by=by, at=now), by=by, at=now)
        for name, shared in (("Held up", True), ("Secretly mine", False)):
            SavedView.objects.create(
                organisation_id=by.organisation_id, user_id=by.user_id, listing="placements", name=name,
                query="waits=held", shared=shared,
            )  # fmt: skip
        Schedule.objects.create(
            pilot=Pilot.objects.get(slug="verde"), organisation=cast.organisation("north-fund"), kind="funder",
            period="quarter", time_zone="UTC", counts_from=TODAY, programme_id=by.organisation_id, user_id=by.user_id,
            person_name="Ines Verde",
        )  # fmt: skip
    return reverse("member_handing_over", args=[member(cast, "ines").pk])


def where(cast) -> tuple[set, set, set]:
    """Whose are the open tasks, the schedules and the views of the team."""
    with cast.acting("lena"):
        return (
            set(Task.objects.filter(done_at__isnull=True).values_list("for_user_id", "for_name")),
            set(Schedule.objects.values_list("user_id", "person_name")),
            set(SavedView.objects.filter(shared=True).values_list("user_id", "name")),
        )


def case(cast, by: str, *readers: str, **fields) -> Grievance:
    """Told in person on IH-001; whoever files sees to it."""
    one = cast.placement("IH-001")
    given = {"category": "pay", "account": "Was not paid", "channel": "in person"} | fields
    with cast.acting(by) as scope:
        ids = [cast.user(name).pk for name in readers]
        return file(by=scope, on=TODAY, pilot_id=one.pilot_id, placement=one, reader_ids=ids, **given).grievance


def lead(cast, found: Grievance) -> int | None:
    with cast.acting("lena"):
        return Grievance.objects.get(pk=found.pk).lead_id


def test_what_goes_is_shown_first_and_then_goes_to_one_person_together(cast, sign_in, open_work):
    client, mara, ines = sign_in("mara"), cast.user("mara").pk, cast.user("ines").pk
    page = client.get(open_work).text
    for words in ("Call at once", "Call some day", "North Fund", "Held up"):
        assert words in page
    for words in ("Secretly mine", "Was called", "Nothing is open", "What goes</h2>"):
        assert words not in page
    with cast.acting("mara") as by:  # who has a view of that name already
        SavedView.objects.create(
            organisation_id=by.organisation_id, user_id=mara, listing="placements", name="Held up", query="phase=abroad"
        )
    preview = client.get(open_work, {"to": mara}).text
    assert "Open tasks: all 2" in preview
    assert "Schedules of reports: all 1" in preview
    everything = {"to": mara, "kinds": ["tasks", "schedules", "views"]}
    said = client.post(open_work, everything, follow=True).text
    assert "Handed over: tasks 2, schedules of reports 1, views of the team 1." in said
    assert "Nothing is open" in said
    assert where(cast) == ({(mara, "Mara Verde")}, {(mara, "Mara Verde")}, {(mara, "Held up (2)")})
    with cast.acting("mara"):
        assert set(Task.objects.filter(done_at__isnull=False).values_list("for_user_id", flat=True)) == {ines}
        assert TaskStep.objects.filter(kind="handed on", person_name="Mara Verde", to_name="Mara Verde").count() == 2
        written = AuditEvent.objects.get(action="work.hand_over")
        assert (written.user_id, written.object_id) == (mara, ines)
        assert written.reason.endswith(f" to {mara}: tasks 2, schedules 1, views 1")
    with cast.acting("ines"):
        assert SavedView.objects.get(user_id=ines).name == "Secretly mine"


def test_what_cannot_go_stays_with_its_reason_and_nothing_unticked_goes(cast, sign_in, open_work):
    client, before = sign_in("mara"), where(cast)
    preview = client.get(open_work, {"to": cast.user("lena").pk}).text
    assert "Lena Verde cannot have schedules of reports" in preview
    assert "Schedules of reports: " not in preview
    team = client.get(open_work, {"to": "team"}).text
    assert "stand in one person’s name" in team
    assert "has one person who changes it" in team
    for to, kinds, why in (
        ("", ["tasks"], "This field is required"),
        (cast.user("lena").pk, [], "Tick what is to be handed over"),
        (cast.user("lena").pk, ["schedules"], "Select a valid choice"),
        (cast.user("ines").pk, ["tasks"], "Select a valid choice"),
        (cast.user("sefo").pk, ["tasks"], "Select a valid choice"),
    ):
        refused = client.post(open_work, {"to": to, "kinds": kinds})
        assert (refused.status_code, why in refused.text) == (422, True), (to, kinds)
        assert "Call at once" in refused.text
    assert where(cast) == before
    with cast.acting("mara"):
        assert not AuditEvent.objects.filter(action__endswith="hand_over").exists()
    assert client.post(open_work, {"to": cast.user("lena").pk, "kinds": ["views"]}).status_code == 303
    tasks_of, schedules_of, views_of = where(cast)
    assert (tasks_of, schedules_of) == before[:2]
    assert views_of == {(cast.user("lena").pk, "Held up")}


def test_it_can_be_given_back_as_far_as_nobody_went_on_with_it(cast, sign_in, open_work):
    client, before, mara = sign_in("mara"), where(cast), cast.user("mara").pk
    own = {(cast.user("lena").pk, "Lena Verde")}
    with cast.acting("lena") as by:  # has a task of her own, which is no part of it
        holder = tasks.Holder(by.organisation_id, by.user_id, "Lena Verde")
        tasks.give(about_placement(cast.placement("IH-001").pk), "Hers", holder, by=by, at=timezone.now())
    client.post(open_work, {"to": cast.user("lena").pk, "kinds": ["tasks", "views"]})
    client.post(open_work, {"to": mara, "kinds": ["schedules"]})
    page = client.get(open_work)
    assert "Handed over by you within the last day" in page.text
    assert "Handed over by you" not in sign_in("ines").get(open_work).text
    with cast.acting("lena") as by:  # one is done meanwhile
        tasks.finish(Task.objects.get(words="Call some day"), by=by, at=timezone.now())
    back = reverse("member_handing_back", args=[member(cast, "ines").pk])
    newest, oldest = (one.mark for one, _counts in page.context["given"])
    for mark in (newest, oldest):
        said = client.post(back, {"mark": mark}, follow=True).text
        assert "Given back: " in said
    assert where(cast) == (before[0] | own, before[1], before[2])
    with cast.acting("lena"):
        assert Task.objects.get(words="Call some day").for_user_id == cast.user("lena").pk
    assert "given back already" in client.post(back, {"mark": newest}, follow=True).text
    assert "given back already" in client.post(back, {"mark": "2026-07-01"}, follow=True).text
    with cast.acting("mara") as by:
        assert door.given(cast.user("ines").pk, by=by, at=timezone.now() + timedelta(days=2)) == []


def test_tasks_alone_can_go_to_whoever_takes_them_also_after_somebody_left(cast, sign_in, open_work):
    leave(cast, "ines")
    client = sign_in("mara")
    assert "No longer a member since" in client.get(open_work).text
    assert client.post(open_work, {"to": "team", "kinds": ["tasks"]}).status_code == 303
    assert where(cast)[0] == {(None, "")}
    page = client.get(open_work)
    assert "Give it back" not in page.text
    back = reverse("member_handing_back", args=[page.context["membership"].pk])
    refused = client.post(back, {"mark": page.context["given"][0][0].mark}, follow=True)
    assert "is no member any more" in refused.text


def test_a_case_goes_only_when_ticked_only_by_a_reader_and_only_to_one_who_may_read_it(cast, sign_in, open_work):
    ines, mara, lena = (cast.user(name).pk for name in ("ines", "mara", "lena"))
    shared, unseen = case(cast, "ines", "mara", "lena"), case(cast, "ines", "lena")
    about_lena = case(cast, "ines", "mara", "lena")
    with cast.acting("ines"):
        Grievance.objects.filter(pk=about_lena.pk).update(
            concerned_user_ids=[mara], reader_ids=[ines, lena], lead_id=ines
        )
    client = sign_in("mara")
    page = client.get(open_work, {"to": lena}).text
    assert shared.code in page
    assert unseen.code not in page
    assert about_lena.code not in page
    client.post(open_work, {"to": lena, "kinds": ["tasks"]})
    assert lead(cast, shared) == ines  # nothing that was not ticked
    refused = client.post(open_work, {"to": lena, "cases": [unseen.pk]})
    assert refused.status_code == 422
    assert lead(cast, unseen) == ines
    assert "A case has one person" in client.get(open_work, {"to": "team"}).text
    said = client.post(open_work, {"to": lena, "cases": [shared.pk]}, follow=True).text
    assert "Handed over: cases 1." in said
    assert (lead(cast, shared), lead(cast, unseen)) == (lena, ines)
    with cast.acting("lena"):
        event = GrievanceEvent.objects.get(grievance=shared, kind="lead")
        assert (event.user_id, event.about_user_id) == (mara, lena)
        assert not AuditEvent.objects.filter(reason__contains="case").exists()


def test_a_restricted_case_goes_to_nobody_who_may_not_read_it(cast, sign_in, open_work):
    grave = case(cast, "lena", category="sexual violence", limits_told=True, safe_now=False)
    with acting_as(operator_scope()):
        Membership.objects.filter(pk=member(cast, "lena").pk).update(manages_members=True)
    lenas = reverse("member_handing_over", args=[member(cast, "lena").pk])
    for name in ("ines", "mara"):  # who manage members, and are not named on it
        page = sign_in(name).get(lenas).text
        assert grave.code not in page
        assert "Cases this person" not in page
    with cast.acting("lena") as by:
        to = To(Membership.objects.select_related("user").get(pk=member(cast, "mara").pk))
        (pile,) = door.open_with(by.user_id, by=by, today=TODAY, to=to)
        assert (pile.goes, [thing.why_not for thing in pile.things]) == (0, ["Mara Verde may not read this case."])
        with pytest.raises(ValidationError, match="Mara Verde may not read this case"):
            door.hand_over(by.user_id, to, by=by, at=timezone.now(), today=TODAY, cases=[grave.pk])
    assert lead(cast, grave) == cast.user("lena").pk


def test_only_who_manages_members_hands_over_and_only_to_a_member_of_today(cast, open_work):
    ines, mara, now = cast.user("ines").pk, member(cast, "mara"), timezone.now()
    for name in ("lena", "kofi", "fay"):
        with cast.acting(name) as by:
            for act in (
                lambda by=by: door.open_with(ines, by=by, today=TODAY),
                lambda by=by: door.hand_over(ines, To(None), by=by, at=now, today=TODAY),
                lambda by=by: door.give_back(ines, now.isoformat(), by=by, at=now),
                lambda by=by: caseload(by=by, today=TODAY),
            ):
                with pytest.raises(PermissionDenied):
                    act()
    with cast.acting("omar") as by:  # who manages the members of another organisation
        assert door.open_with(ines, by=by, today=TODAY) == []
        with pytest.raises(ValidationError, match="Nothing of what you ticked"):
            door.hand_over(ines, To(None), by=by, at=now, today=TODAY)
    leave(cast, "mara")
    before = where(cast)
    with cast.acting("ines") as by, pytest.raises(ValidationError, match="Mara Verde is no member any more"):
        door.hand_over(ines, To(mara), by=by, at=now, today=TODAY)
    assert where(cast) == before


def test_each_count_opens_its_list_also_of_whoever_has_left(cast, sign_in, open_work):
    case(cast, "ines", "mara")
    case(cast, "ines", "lena")
    client, ours = sign_in("mara"), reverse("workers:tasks") + "?view=team"

    def row(start: str) -> str:
        page = client.get(reverse("caseload")).text
        return page.partition(f'<th scope="row"><a href="{start}">')[2].partition("</tr>")[0]

    found = row(open_work)
    assert "Has left" not in found
    for link in (
        f'<a href="{open_work}#tasks">2</a>', f'<a href="{open_work}#tasks">1</a>',
        f'<a href="{open_work}#schedules">1</a>', f'<a href="{open_work}#cases">1</a>',
    ):  # fmt: skip
        assert link in found
    for part in ('id="tasks"', 'id="schedules"', 'id="cases"'):
        assert part in client.get(open_work).text
    assert f'<a href="{ours}">0</a>' in row(ours)
    leave(cast, "ines")
    assert "Has left" in row(open_work)
    assert f'<a href="{ours}">2</a>' in row(ours)
    assert client.get(ours).text.count('<th scope="row">') == 2


def test_the_caseload_asks_as_much_for_many_members_as_for_few(cast, open_work, django_assert_max_num_queries):
    with cast.acting("mara") as by, django_assert_max_num_queries(14):
        loads = caseload(by=by, today=TODAY)
    assert [(load.membership and load.membership.user.name, load.open, load.late, load.schedules) for load in loads] == [
        ("Ines Verde", 2, 1, 1), ("Lena Verde", 0, 0, 0), ("Mara Verde", 0, 0, 0), (None, 0, 0, 0),
    ]  # fmt: skip
