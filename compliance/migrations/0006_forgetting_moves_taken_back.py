"""What was typed when a move was taken back goes with the person too."""

from django.db import migrations

from compliance.retaining import forgetting


class Migration(migrations.Migration):
    dependencies = [("compliance", "0005_forgetting_notes"), ("workers", "0010_policies_anew")]

    operations = [forgetting.INSTALL]
