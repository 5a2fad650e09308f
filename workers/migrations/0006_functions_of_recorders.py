"""What partners may change, whom a merge concerns, what goes with files and sheets: the functions again, and new triggers."""

from django.db import migrations

from workers.exports import retention as exports
from workers.likeness import same
from workers.models import authors
from workers.sheets import forgetting, taking_back


class Migration(migrations.Migration):
    dependencies = [("workers", "0005_what_files_show_and_who_recorded")]

    operations = [
        authors.change_guard("workers_insurance", "workers_travel", "workers_housingstay", "workers_ban"),
        same.KEYS_OF_EVENTS,
        same.FOLLOWING,
        taking_back.INSTALL,
        forgetting.INSTALL,
        exports.INSTALL,
    ]
