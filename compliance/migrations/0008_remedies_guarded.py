"""Composite keys and the trigger that keep actions and the remedy ledger true."""

from django.db import migrations

from compliance.remedies.guards import INSTALL


class Migration(migrations.Migration):
    dependencies = [("compliance", "0007_row_policies")]
    operations = INSTALL
