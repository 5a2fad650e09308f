"""Where the demonstration world stands, playing it again changes nothing and takes no time."""

import io
import json
from datetime import timedelta

from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from accounts.scope import acting_as
from tests.world.prints import world_print
from workers.models import Hold, Person


def seed(**options) -> str:
    """What the command says on its standard output."""
    out = io.StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


def test_playing_it_where_it_stands_changes_nothing(printed):
    said = json.loads(seed(as_json_summary=True))
    assert said["played"] is False
    assert said["seconds"] < 20
    assert said["people"] >= 290
    assert "The demonstration world stands" in seed()
    assert world_print() == printed


def test_the_fingerprint_sees_one_changed_word(played, printed):
    for model, change in ((Person, {"village": "Elsewhere"}), (Hold, {"words": "Other words."})):
        with transaction.atomic():
            with acting_as(played.ground.hands.of("long-bridge", "programme_officer")):
                first = model.objects.order_by("pk").first()
                model.objects.filter(pk=first.pk).update(**change)
            after = world_print()
            transaction.set_rollback(True)
        assert after[model.__name__] != printed[model.__name__]


def test_the_fingerprint_does_not_look_at_clocks(played, printed):
    with transaction.atomic():
        with acting_as(played.ground.hands.of("long-bridge", "programme_officer")):
            Hold.objects.update(placed_at=F("placed_at") + timedelta(hours=1))
        after = world_print()
        transaction.set_rollback(True)
    assert after == printed
