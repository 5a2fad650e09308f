"""The sweep of waivers from the terminal and from the scheduler."""

import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from compliance.findings import waive
from compliance.models import Finding
from lamp_portal.celery import app
from lamp_portal.tasks import end_waivers

pytestmark = pytest.mark.django_db


@pytest.fixture
def waived(cast, finding):
    with cast.acting("mara") as by:
        waive(finding, by=by, reason="until the office opens", until=date(2026, 7, 3), on=date(2026, 7, 1))
    return finding


def test_the_command_says_what_came_back_as_json_and_in_words(cast, waived):
    out = StringIO()
    call_command("end_waivers", "--on", "2026-07-03", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"on": "2026-07-03", "ended": 0, "findings": []}
    out = StringIO()
    call_command("end_waivers", "--on", "2026-07-04", "--json", stdout=out)
    assert json.loads(out.getvalue())["findings"] == [waived.pk]
    out = StringIO()
    call_command("end_waivers", "--on", "2026-07-04", stdout=out)
    assert out.getvalue() == "0 waivers ended before 2026-07-04; their findings are open again.\n"


def test_the_scheduler_knows_the_task_and_the_task_sweeps(cast, waived):
    planned = settings.CELERY_BEAT_SCHEDULE["end-waivers"]
    assert planned["task"] == end_waivers.name
    assert end_waivers.name in app.tasks
    assert timezone.localdate() > date(2026, 7, 3)
    end_waivers()
    with cast.acting("ines"):
        assert Finding.objects.get(pk=waived.pk).state == "open"
