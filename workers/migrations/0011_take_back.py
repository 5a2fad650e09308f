"""The function that takes back what an import added."""

from django.db import migrations

from workers.sheets.taking_back import INSTALL


class Migration(migrations.Migration):
    dependencies = [("workers", "0010_row_policies")]
    operations = [INSTALL]
