from django.db import migrations

from compliance.marking import install


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0012_row_policies"),
        ("pilots", "0004_row_policies"),
        ("workers", "0016_row_policies"),
    ]

    operations = [
        install(
            "workers_placement",
            "workers_journeyevent",
            "workers_contractversion",
            "workers_deductionagreement",
            "workers_debt",
            "workers_payrecord",
            "workers_costitem",
            "workers_insurance",
            "workers_housingstay",
            "workers_person",
            "workers_identitydocument",
            "workers_ban",
            "workers_room",
            "workers_roominspection",
            "workers_recruiterlicence",
            "compliance_check",
            "pilots_parameteroverride",
        )
    ]
