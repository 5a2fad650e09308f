"""What is taken back with the owner's hands belongs to the batch that is taken back."""

from django.db import migrations

from workers.sheets import taking_back, taking_back_facts, taking_back_whose


class Migration(migrations.Migration):
    dependencies = [("workers", "0030_row_policies"), ("accounts", "0005_row_policies")]

    operations = [
        taking_back_whose.INSTALL,
        migrations.RunSQL(taking_back_facts.FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(taking_back.FUNCTIONS, migrations.RunSQL.noop),
    ]
