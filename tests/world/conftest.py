"""The demonstration world, played once for this folder beside the cast and taken back at the end."""

from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings

from lamp_portal.world import playing

DAY = date(2026, 7, 1)


@pytest.fixture(scope="package")
def played(django_db_setup, django_db_blocker):
    """The world of one week, reports included."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        yield playing.play(DAY)
        transaction.set_rollback(True)
