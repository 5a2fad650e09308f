"""What the database itself answers and refuses about people and placements: functions of the owner, and triggers."""

from django.db import migrations

from workers.exports import retention as exports
from workers.files import ends, orphans
from workers.journey import facts, facts_follow, places
from workers.likeness import same
from workers.models import authors
from workers.sheets import forgetting, taken, taking_back, taking_back_facts, taking_back_whose


class Migration(migrations.Migration):
    # A database that ran these is up to date.
    replaces = [
        ("workers", "0002_journey_facts"),
        ("workers", "0005_places_taken"),
        ("workers", "0008_numbers_taken"),
        ("workers", "0011_take_back"),
        ("workers", "0019_take_back_facts"),
        ("workers", "0023_correction_guard"),
        ("workers", "0028_same_person"),
        ("workers", "0031_take_back_of_the_batch"),
        ("workers", "0032_forget_exports"),
        ("workers", "0034_facts_of_merged"),
        ("workers", "0004_files_kept_as_sent"),
        ("workers", "0006_functions_of_recorders"),
        ("workers", "0011_functions"),
    ]

    dependencies = [("workers", "0001_tables")]

    operations = [
        # Who else a person is comes first: the facts of the journey ask it.
        same.INSTALL,
        same.FOLLOWING,
        facts.INSTALL,
        facts_follow.INSTALL,
        places.INSTALL,
        # Files, facts and sheets: what may be changed, taken back and forgotten.
        ends.INSTALL,
        ends.only_ends("workers_documentfile"),
        ends.only_ends("workers_costfile"),
        ends.only_ends("workers_trainingfile"),
        orphans.INSTALL,
        authors.guard(
            "workers_payrecord", "workers_contractversion", "workers_deductionagreement", "workers_roominspection"
        ),
        authors.change_guard("workers_insurance", "workers_travel", "workers_housingstay", "workers_ban"),
        authors.PAPER_GUARD,
        taken.INSTALL,
        taking_back_whose.INSTALL,
        taking_back.INSTALL,
        taking_back_facts.INSTALL,
        forgetting.INSTALL,
        forgetting.COUNT,
        forgetting.KEPT_AS_SENT,
        exports.INSTALL,
    ]
