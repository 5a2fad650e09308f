"""The function that takes back facts that an import added."""

from django.db import migrations

from workers.sheets.taking_back_facts import INSTALL


class Migration(migrations.Migration):
    dependencies = [("workers", "0018_row_policies")]
    operations = [INSTALL]
