"""The guards of the journey ask about a person, however many records there are of them."""

from django.db import migrations

from workers.journey.facts import INSTALL_MERGED


class Migration(migrations.Migration):
    dependencies = [("workers", "0033_row_policies")]
    operations = [INSTALL_MERGED]
