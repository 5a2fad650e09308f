"""One item of the checks is asked of every worker at once: the day of rest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_policies")]

    operations = [
        migrations.AddIndex(
            model_name="checkanswer",
            index=models.Index(condition=models.Q(("item", "D07")), fields=["placement", "done_on"], name="answer_on_rest"),
        ),
    ]
