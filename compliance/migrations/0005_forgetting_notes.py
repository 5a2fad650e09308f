"""Notes and tasks about a person are forgotten with the person."""

from django.db import migrations

from compliance.retaining import forgetting


class Migration(migrations.Migration):
    dependencies = [("compliance", "0004_legal_holds"), ("workers", "0006_notes")]

    operations = [forgetting.INSTALL]
