"""A day of a journey concerns the person's other placements too: its marks say so, on databases older than that."""

from django.db import migrations

from compliance.marking import install_again


class Migration(migrations.Migration):
    dependencies = [("compliance", "0007_forgetting_people")]

    operations = [install_again("workers_placement", "workers_journeyevent")]
