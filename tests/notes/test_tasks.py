"""Tasks: who is given one, what becomes of it, and who takes over when somebody leaves."""

import html
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Membership
from accounts.scope import acting_as, operator_scope
from tests.forms_sent import form_of
from tests.notes.conftest import BEGIN
from workers.models import Task, TaskStep
from workers.notes import tasks as door
from workers.notes.about import about_placement

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 1)


def words(cast, name: str, view: str) -> list[str]:
    with cast.acting(name) as by:
        return [task.words for task in door.tasks(by, view=view, today=TODAY)]


def test_a_task_stands_with_whom_it_is_for_and_with_who_gave_it(cast, given):
    given("ines", "IH-001", "for lena", "lena", due_on=TODAY - timedelta(days=1))
    given("ines", "IH-001", "for us", "team")
    given("sefo", "IH-001", "for the programme", "programme")
    assert words(cast, "lena", door.MINE) == ["for lena"]
    assert words(cast, "mara", door.TEAM) == ["for us", "for the programme"]
    assert words(cast, "ines", door.GIVEN) == ["for lena", "for us"]
    assert words(cast, "ines", door.OVERDUE) == ["for lena"]
    assert words(cast, "sefo", door.GIVEN) == ["for the programme"]
    for rival in ("tavi", "omar", "rosa", "dana"):
        with cast.acting(rival):
            assert not Task.objects.exists()
            assert not TaskStep.objects.exists()


def test_nobody_gives_a_task_to_somebody_who_is_not_offered(cast, given):
    placement = cast.placement("IH-001")
    with cast.acting("sefo") as by:
        about = about_placement(placement.pk)
        offered = door.holders(about.pilot.programme_id, by)
        assert set(offered) == {str(by.user_id), "team", "programme"}
        for holder in (
            door.Holder(cast.organisation("reef-recruiting").pk),
            door.Holder(about.pilot.programme_id, 1, "X"),
        ):
            with pytest.raises(PermissionDenied):
                door.give(about, "do it", holder, by=by, at=BEGIN)


def test_done_open_again_and_handed_on_leave_their_steps(cast, given):
    task = given("sefo", "IH-001", "send the scan", "programme")
    with cast.acting("ines") as by:
        door.finish(task, by=by, at=BEGIN)
        with pytest.raises(ValidationError, match="Ines Verde"):
            door.finish(task, by=by, at=BEGIN)
        door.reopen(task, by=by, at=BEGIN)
        holder = door.holders(task.pilot.programme_id, by)[str(cast.user("lena").pk)][0]
        door.hand_on(task, holder, by=by, at=BEGIN, seen=door.last_step(task))
    with cast.acting("sefo"):
        steps = list(TaskStep.objects.filter(task=task).values_list("kind", "person_name", "to_name"))
    assert steps == [
        ("given", "Sefo Island", ""), ("done", "Ines Verde", ""), ("opened again", "Ines Verde", ""),
        ("handed on", "Ines Verde", "Lena Verde"),
    ]  # fmt: skip
    assert words(cast, "lena", door.MINE) == ["send the scan"]


def test_the_tasks_of_a_leaver_go_to_another_or_to_whoever_takes_them(cast, given):
    for n in range(3):
        given("mara", "IH-001", f"task {n}", "lena")
    with cast.acting("lena") as by:
        door.finish(Task.objects.get(words="task 2"), by=by, at=BEGIN)
        with pytest.raises(PermissionDenied):
            door.hand_over_tasks(cast.user("ines").pk, by.user_id, by=by, at=BEGIN)
    strangers = [cast.user(name).pk for name in ("sefo", "lena", "zed")]
    with cast.acting("mara") as by:
        for stranger in strangers:
            with pytest.raises(ValidationError):
                door.hand_over_tasks(cast.user("lena").pk, stranger, by=by, at=BEGIN)
        assert door.hand_over_tasks(cast.user("lena").pk, cast.user("ines").pk, by=by, at=BEGIN) == 2
    assert words(cast, "ines", door.MINE) == ["task 0", "task 1"]
    with acting_as(operator_scope()):
        Membership.objects.filter(user=cast.user("ines")).update(ended_at=BEGIN + timedelta(days=365))
    assert words(cast, "mara", door.TEAM) == ["task 0", "task 1"]
    with cast.acting("mara") as by:
        assert door.hand_over_tasks(cast.user("ines").pk, None, by=by, at=BEGIN) == 2
        assert not Task.objects.filter(for_user_id=cast.user("ines").pk, done_at__isnull=True).exists()


def test_tasks_are_given_done_and_handed_on_on_pages(cast, sign_in):
    placement = cast.placement("IH-001")
    ines, lena = sign_in("ines"), sign_in("lena")
    url = f"/placements/{placement.pk}/tasks/"
    said = {"words": "ask for the ticket", "holder": str(cast.user("lena").pk), "due_on": "2099-01-31"}
    assert ines.post(url, said).status_code == 303
    assert ines.post(url, said | {"due_on": "2001-01-01"}).status_code == 422
    assert ines.post(url, said | {"holder": str(cast.user("sefo").pk)}).status_code == 422
    assert ines.post(url, said | {"words": "she was raped"}).status_code == 422
    assert sign_in("tavi").post(url, said).status_code == 404
    with cast.acting("ines"):
        task = Task.objects.get()
    home = lena.get("/").content.decode()
    assert "ask for the ticket" in home
    assert f"/tasks/{task.pk}/" in lena.get("/tasks/").content.decode()
    steps = f"/tasks/{task.pk}/steps/"
    assert lena.post(steps, {"kind": "done"}).status_code == 303
    assert lena.post(steps, {"kind": "done"}).status_code == 409
    assert "ask for the ticket" in lena.get("/tasks/?view=done").content.decode()
    assert lena.post(steps, {"kind": "open"}).status_code == 303
    hand = form_of(lena.get(f"/tasks/{task.pk}/").content.decode()) | {"kind": "hand"}
    assert lena.post(steps, hand | {"holder": "nobody"}).status_code == 422
    assert lena.post(steps, hand | {"holder": "team"}).status_code == 303
    late = lena.post(steps, hand | {"holder": str(cast.user("lena").pk)})  # from a page opened before it was handed on
    assert late.status_code == 409
    assert "in the meantime" in late.content.decode()
    page = ines.get(f"/tasks/{task.pk}/").content.decode()
    for happened in ("Given", "Done", "Opened again", "Handed on"):
        assert happened in page
    assert sign_in("sefo").get(f"/tasks/{task.pk}/").status_code == 404
    assert sign_in("sefo").post(steps, {"kind": "done"}).status_code == 404


def test_a_list_of_tasks_goes_on_after_its_last_one_and_shows_each_once(cast, sign_in, given, monkeypatch):
    monkeypatch.setattr("workers.notes.task_views.PAGE", 2)
    days = [None, TODAY, TODAY, TODAY + timedelta(days=1), None]
    for n, day in enumerate(days):
        given("ines", "IH-001", f"thing {n}", "lena", due_on=day)
    lena = sign_in("lena")

    def walk(view: str) -> list[str]:
        seen, address = [], f"/tasks/?view={view}"
        for _page in range(4):
            page = html.unescape(lena.get(address).content.decode())
            rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
            seen += dict.fromkeys(re.findall(r"thing \d", rows))
            onward = re.search(r'href="(\?view=[^"]*after=[^"]+)"', page)
            if onward is None:
                return seen
            address = f"/tasks/{onward[1]}"
        raise AssertionError("the list has no end")

    assert walk("mine") == ["thing 1", "thing 2", "thing 3", "thing 0", "thing 4"]
    with cast.acting("lena") as by:
        for n, task in enumerate(door.tasks(by, view=door.MINE, today=TODAY)):
            door.finish(task, by=by, at=BEGIN + timedelta(minutes=n // 2))
    assert walk("done") == ["thing 4", "thing 3", "thing 0", "thing 2", "thing 1"]
    for nonsense in ("x", "none~x", f"{2**62}~1", "2026-07-01"):
        assert "thing" in lena.get("/tasks/", {"view": "done", "after": nonsense}).content.decode()
