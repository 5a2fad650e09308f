"""Changes by partners are marked, and checks are taken back only with the batch that added them."""

from django.db import migrations

from compliance import marking, taking_back_checks


class Migration(migrations.Migration):
    dependencies = [("compliance", "0029_row_policies"), ("workers", "0031_take_back_of_the_batch")]

    operations = [
        migrations.RunSQL(marking.FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(taking_back_checks.FUNCTION, migrations.RunSQL.noop),
    ]
