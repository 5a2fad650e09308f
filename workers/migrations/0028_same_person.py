"""Who else a person is, what a merged person may not do, and the marks of whose facts changed."""

from django.db import migrations

from workers.likeness.same import INSTALL


class Migration(migrations.Migration):
    dependencies = [("workers", "0027_row_policies")]
    operations = [INSTALL]
