"""A sheet of surveys of the wrong file is taken back."""

from django.db import migrations

from compliance import taking_back_surveys


class Migration(migrations.Migration):
    dependencies = [("compliance", "0007_one_index_for_each_question"), ("workers", "0010_policies_anew")]

    operations = [taking_back_surveys.INSTALL]
