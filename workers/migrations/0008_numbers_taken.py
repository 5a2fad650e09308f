"""The functions that say which worker IDs and numbers of papers are taken in a pilot."""

from django.db import migrations

from workers.sheets.taken import INSTALL


class Migration(migrations.Migration):
    dependencies = [("workers", "0007_row_policies")]
    operations = [INSTALL]
