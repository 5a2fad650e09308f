"""When somebody put the first steps of the first page away. The new column is named anew in what reader roles may read."""

from django.db import migrations, models

import accounts.rows


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_policies"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="first_steps_closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="first steps put away"),
        ),
        accounts.rows.RowSecurity(
            table="accounts_user",
            grants={
                "app": "riu all",
                "employer": "r colleague",
                "operator": "riu all",
                "programme": "r colleague",
                "reader": "r colleague",
                "recruiter": "r colleague",
                "safeguarding": "r colleague",
                "welfare": "r colleague",
            },
            history="restricted",
            append_only=False,
            within={},
            pilot=False,
            key="id",
            hidden=("password",),
        ),
    ]
