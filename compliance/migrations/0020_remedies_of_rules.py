"""The ledger's trigger knows what a rule counted and in which currency."""

from django.db import migrations

from compliance.remedies.guards import INSTALL_AGAIN


class Migration(migrations.Migration):
    dependencies = [("compliance", "0019_row_policies")]
    operations = [INSTALL_AGAIN]
