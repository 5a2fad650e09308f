"""The demonstration world, played once for this folder beside the cast and taken back at the end."""

from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings

from lamp_portal.world import playing
from tests.world.prints import world_print

DAY = date(2026, 7, 1)


@pytest.fixture(scope="package")
def played(django_db_setup, django_db_blocker):
    """The world of one week, reports included."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        yield playing.play(DAY)
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def first_print(django_db_setup, django_db_blocker):
    """The fingerprint of the same week played before, without its reports; asked for before the world stands."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        playing.play(DAY, with_reports=False)
        found = world_print()
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="package")
def printed(played):
    """The fingerprint of the world as it was played."""
    return world_print()
