"""The function that answers the guards of the journey."""

from django.db import migrations

from workers.journey.facts import INSTALL


class Migration(migrations.Migration):
    dependencies = [("workers", "0001_initial")]
    operations = [INSTALL]
