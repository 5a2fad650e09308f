"""What the database itself does about research files whose time is over, and which roll-ups it marks."""

from django.db import migrations

from reports.research import retention
from reports.rollups import marking


class Migration(migrations.Migration):
    # A database that ran this is up to date.
    replaces = [("reports", "0012_marks_of_rollups")]

    dependencies = [("reports", "0001_tables")]

    operations = [
        retention.INSTALL,
        marking.install(
            "workers_placement",
            "workers_placementstate",
            "workers_journeyevent",
            "workers_payrecord",
            "compliance_check",
            "compliance_checkanswer",
        ),
    ]
