"""The bytes of a sheet are kept as they came, not packed: so a piece of them is read without unpacking all of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workers", "0003_policies")]
    operations = [
        migrations.RunSQL(
            "alter table workers_importfile alter column content set storage external",
            "alter table workers_importfile alter column content set storage extended",
        )
    ]
