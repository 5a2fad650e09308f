from django.db import migrations

from workers.models.authors import guard


class Migration(migrations.Migration):
    dependencies = [("workers", "0022_recorded_by")]

    operations = [
        guard(
            "workers_payrecord", "workers_contractversion", "workers_deductionagreement", "workers_roominspection"
        )
    ]
