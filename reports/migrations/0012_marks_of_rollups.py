"""Changes of placements, moves, payslips and checks mark the cohorts whose roll-ups they concern."""

from django.db import migrations

from reports.rollups.marking import install


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0011_repaired_rollups_policies"),
        ("workers", "0013_rollups_policies"),
        ("compliance", "0008_marks_of_journeys"),
    ]

    operations = [
        install(
            "workers_placement",
            "workers_placementstate",
            "workers_journeyevent",
            "workers_payrecord",
            "compliance_check",
            "compliance_checkanswer",
        )
    ]
