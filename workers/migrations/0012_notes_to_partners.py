from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workers", "0011_one_index_for_each_question"),
    ]

    operations = [
        migrations.AlterField(
            model_name="note",
            name="audience",
            field=models.CharField(
                choices=[
                    ("own", "Our own organisation"),
                    ("programme", "Our own organisation and the programme"),
                    ("all", "Everybody who sees this record"),
                    ("partners", "Our own organisation and those it was sent to"),
                ],
                default="own",
                max_length=9,
                verbose_name="for",
            ),
        ),
    ]
