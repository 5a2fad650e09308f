"""The function that takes back checks that an import added."""

from django.db import migrations

from compliance.taking_back_checks import INSTALL


class Migration(migrations.Migration):
    dependencies = [("compliance", "0021_row_policies")]
    operations = [INSTALL]
