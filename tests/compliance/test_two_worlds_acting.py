"""What the accused do has the same outcome with and without what was told in confidence about them: no move is refused, no
notice comes, no request, list or search answers otherwise."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from compliance.answers import Answered
from compliance.checking import record_check
from lamp_portal.notices import sending
from tests.compliance.test_two_worlds import NOISE, play_a_case
from workers.models import Hold, JourneyEvent

pytestmark = pytest.mark.django_db
COUNTED = re.compile(rb"[0-9a-f]{32}|(?<=/)\d+|(?<=value=\")\d+|\d{2,}")  # ids of rows made in between, and of requests
ACCUSED = ("omar", "sefo")


class PutBack(Exception):
    """Ends one of the two worlds."""


def plain(answer) -> bytes:
    """Status, where it leads, and the page, without tokens and numbers."""
    content = b"" if answer.streaming else answer.content
    said = f"{answer.status_code} {answer.headers.get('Location', '')} ".encode()
    return COUNTED.sub(b"#", NOISE.sub(b"", said + content))


def act(cast, people, day) -> dict[str, bytes]:
    """What employer and recruiter do about the two workers of whom something was told, and each answer they get."""
    found: dict[str, bytes] = {}
    board = reverse("workers:cohort", args=[cast.cohort().pk])
    placements = {code: cast.placement(code) for code in ("IH-001", "IH-002", "IH-003", "IH-004")}
    ticked = {code: f"{one.pk}-{one.state.version}" for code, one in placements.items()}
    on = {"happened_on": day.isoformat()}

    def do(who: str, what: str, address: str, data: dict | None = None) -> bytes:
        client = people[who]
        answer = client.get(address) if data is None else client.post(address, data)
        found[f"{who}: {what}"] = plain(answer)
        return answer.content

    for who, code, move in (
        ("omar", "IH-001", "start_leave"), ("omar", "IH-003", "deploy"), ("sefo", "IH-003", "miss_departure"),
        ("sefo", "IH-004", "shortlist"),
    ):  # fmt: skip
        data = {"placement": [ticked[code]], "do": "move", "move": move, **on}
        do(who, f"looks what {move} would do", f"{board}selection/", data)
        do(who, move, f"{board}moves/", data)
        do(who, f"reads what {move} did", board)
        do(who, f"asks to take {move} back", reverse("workers:last_move", args=[placements[code].pk]))
        with cast.acting(who):
            last = JourneyEvent.objects.filter(placement=placements[code].pk).order_by("-version").first()
        do(who, f"takes {move} back", reverse("workers:takings_back", args=[placements[code].pk]), {"event": last.pk})
        do(who, f"reads {code} again", reverse("workers:placement", args=[placements[code].pk]))
    order = cast.job_order("Picking apples").pk
    for verb in ("unassignments/", "assignments/", "unassignments/"):
        do("sefo", f"{verb} {len(found)}", board + verb, {"placement": list(ticked.values()), "job_order": order})
    do("sefo", "tells", f"{board}selection/", {"placement": list(ticked.values()), "do": "tell", "text": "rights"})
    for who in ACCUSED:
        for code, one in ((code, placements[code]) for code in ("IH-001", "IH-003")):
            do(who, f"follows {code}", reverse("workers:placement_follows", args=[one.pk]), {"follow": "yes"})
            do(
                who,
                f"notes on {code}",
                reverse("workers:placement_notes", args=[one.pk]),
                {"text": "Seen", "audience": "all"},
            )
            do(who, f"the notes of {code}", reverse("workers:placement_notes", args=[one.pk]))
            do(who, f"the way of {code}", reverse("workers:corrections_asked", args=[one.pk]), {"why": "A mistake."})
        for name in (
            "workers:news",
            "workers:tasks",
            "workers:move_corrections",
            "workers:paper_requests",
            "accounts:jobs",
        ):
            do(who, name, reverse(name))
        for words in ("IH-001", "Famly"):
            do(who, f"searches {words}", reverse("workers:find") + f"?q={words}")
        for code in ("placements", "moves"):
            data = {"list": code, "format": "csv"}
            do(who, f"takes {code}", reverse("workers:downloads"), data)
    before = len(mail.outbox)
    then = timezone.now() + timedelta(days=2)
    sending.sweep(then)
    for person in (*ACCUSED, "olga", "tavi"):
        sent = [(m.subject, m.body) for m in mail.outbox[before:] if m.to == [f"{person}@cast.example"]]
        found[f"mails to {person}"] = COUNTED.sub(b"#", repr(sorted(sent)).encode())
    return found


def in_a_world(cast, people, day) -> dict[str, bytes]:
    """All of it, and then as if nothing had been done."""
    found: dict[str, bytes] = {}
    try:
        with transaction.atomic():
            found = act(cast, people, day)
            raise PutBack
    except PutBack:
        return found


def test_what_the_accused_do_has_the_same_outcome_in_both_worlds(cast, sign_in):
    people = {name: sign_in(name) for name in ACCUSED}
    day = timezone.localdate()
    sending.sweep(timezone.now() - timedelta(days=1))
    one = in_a_world(cast, people, day)
    play_a_case(cast, sign_in("rosa"), sign_in("lena"))
    answers = {"D11": Answered("yes", shown_by="worker alone", note="CANARY")}
    for code in ("IH-001", "IH-003"):
        told = cast.placement(code).pk
        with cast.acting("rosa") as by:
            made = record_check(told, "employment", answers, by=by, done_on=day, today=day, told=True).opened
            assert Hold.objects.filter(source=f"finding:{made[0]}", lifted_at__isnull=True).exists()
    two = in_a_world(cast, people, day)
    assert one.keys() == two.keys()
    assert {what: (answer, two[what]) for what, answer in one.items() if answer != two[what]} == {}
    assert not [what for what, answer in two.items() if b"CANARY" in answer]
    assert b"person moved" in one["omar: reads what deploy did"]
