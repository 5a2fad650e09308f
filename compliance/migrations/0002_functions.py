"""What the database itself promises of remedies and grievances, and the marks of what the rules shall look at again."""

from django.db import migrations

from compliance import marking, taking_back_checks
from compliance.grievances import guarding
from compliance.remedies import guards
from compliance.retaining import forgetting
from workers.files.ends import only_ends


class Migration(migrations.Migration):
    # A database that ran these is up to date.
    replaces = [
        ("compliance", "0008_remedies_guarded"),
        ("compliance", "0013_marks"),
        ("compliance", "0020_remedies_of_rules"),
        ("compliance", "0022_take_back_checks"),
        ("compliance", "0026_cases_left_alone"),
        ("compliance", "0027_mark_merges"),
        ("compliance", "0030_changes_marked"),
        ("compliance", "0008_marks_of_journeys"),
    ]

    dependencies = [("compliance", "0001_tables")]

    operations = [
        *guards.INSTALL,
        *guards.INSTALL_SETTLEMENTS,
        guarding.INSTALL,
        guarding.INSTALL_LEFT_ALONE,
        guarding.INSTALL_FILES,
        only_ends("compliance_answerfile"),
        only_ends("compliance_stepfile"),
        only_ends("compliance_grievancefile"),
        forgetting.INSTALL,
        taking_back_checks.INSTALL,
        marking.install(
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
            "workers_mergedperson",
            "compliance_check",
            "pilots_parameteroverride",
        ),
        marking.install_too("workers_mergedperson"),
    ]
