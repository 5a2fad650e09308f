"""The function that counts the taken places of job orders for everybody alike."""

from django.db import migrations

from workers.journey.places import INSTALL


class Migration(migrations.Migration):
    dependencies = [("workers", "0004_search")]
    operations = [INSTALL]
