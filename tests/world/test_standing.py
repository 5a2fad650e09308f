"""Where the demonstration world stands, playing it again changes nothing and takes no time."""

import io
import json

from django.core.management import call_command

from tests.world.prints import world_print


def seed(**options) -> str:
    """What the command says on its standard output."""
    out = io.StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


def test_playing_it_where_it_stands_changes_nothing(played):
    before = world_print()
    said = json.loads(seed(as_json_summary=True))
    assert said["played"] is False
    assert said["seconds"] < 1
    assert said["people"] >= 290
    assert "The demonstration world stands" in seed()
    assert world_print() == before
