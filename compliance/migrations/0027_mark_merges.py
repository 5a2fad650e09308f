"""A merge, and its undoing, marks both people for the rules."""

from django.db import migrations

from compliance.marking import install, install_too


class Migration(migrations.Migration):
    dependencies = [("compliance", "0026_cases_left_alone"), ("workers", "0028_same_person")]
    operations = [install("workers_mergedperson"), install_too("workers_mergedperson")]
