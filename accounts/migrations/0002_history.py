"""The history's trigger function, before any table asks for it."""

from django.db import migrations

from accounts.history import INSTALL


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [INSTALL]
