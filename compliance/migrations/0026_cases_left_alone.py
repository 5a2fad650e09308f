"""What nobody can read any more can be found again."""

from django.db import migrations

from compliance.grievances.guarding import INSTALL_LEFT_ALONE


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0025_row_policies'),
    ]

    operations = [INSTALL_LEFT_ALONE]
