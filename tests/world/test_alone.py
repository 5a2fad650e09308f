"""How the demonstration world is played: the same every time, and never beside anybody else's data."""

import io
from datetime import date

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import Organisation
from accounts.scope import acting_as, operator_scope
from lamp_portal.world import plans
from pilots.models import Grant, GrantTarget
from tests.world.conftest import DAY


def seed(**options) -> str:
    """What the command says on its standard output."""
    out = io.StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


def test_it_is_refused_beside_organisations_of_others(cast):
    with pytest.raises(CommandError, match=r"not of the demonstration world \(Azul Employer|Azul"):
        seed(today=DAY)
    with acting_as(operator_scope()):
        assert not Organisation.objects.filter(slug="long-bridge").exists()


def test_it_is_refused_where_nothing_is_to_be_demonstrated(db):
    with override_settings(DEMO=False, LOCAL=False), pytest.raises(CommandError, match="not for demonstrations"):
        seed()


def test_a_week_has_one_world():
    assert plans.present(date(2026, 7, 1)) == plans.present(date(2026, 7, 5)) == date(2026, 6, 29)


def test_chance_of_one_part_is_not_shifted_by_another():
    first = plans.dice("people", "tonga-apples")
    other = plans.dice("pay", "tonga-apples")
    drawn = [other.random() for _n in range(5)]
    assert drawn != [first.random() for _n in range(5)]
    assert plans.dice("pay", "tonga-apples").random() == drawn[0]


def test_every_address_of_the_world_is_of_the_demonstration():
    people = [member for plan in plans.organisations() for member in plan.people] + [plans.operator()]
    assert all(member.email.endswith("@demo.example") for member in people)


def test_the_same_week_gives_the_same_rows(first_print, printed):
    """The last of this module: from here on the world stands."""
    of_reports = {model.__name__ for model in (*apps.get_app_config("reports").get_models(), Grant, GrantTarget)}
    first = {name: found for name, found in first_print.items() if name not in of_reports}
    assert len(first) > 25
    assert {name: printed[name] for name in first} == first
