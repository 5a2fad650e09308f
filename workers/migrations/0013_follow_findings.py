from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("workers", "0012_notes_to_partners"),
    ]

    operations = [
        migrations.AddField(
            model_name="follow", name="finding_id", field=models.BigIntegerField(null=True)
        ),
        migrations.RemoveConstraint(model_name="follow", name="follow_once"),
        migrations.RemoveConstraint(model_name="follow", name="follow_one_record"),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(
                fields=("user", "organisation", "placement_id", "cohort_id", "finding_id"),
                name="follow_once",
                nulls_distinct=False,
                violation_error_message="You follow this already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.CheckConstraint(
                condition=Q(placement_id__isnull=False, cohort_id__isnull=True, finding_id__isnull=True)
                | Q(placement_id__isnull=True, cohort_id__isnull=False, finding_id__isnull=True)
                | Q(placement_id__isnull=True, cohort_id__isnull=True, finding_id__isnull=False),
                name="follow_one_record",
                violation_error_message="Say whether this is about a worker or about a cohort.",
            ),
        ),
    ]
