"""What each employer recorded of a worker is its own: the same fact of another employer is another fact."""

import django.db.models.deletion
from django.db import migrations, models

from workers.journey import facts_follow
from workers.sheets import taking_back, taking_back_whose


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_policies'),
        ('pilots', '0002_policies'),
        ('workers', '0007_policies_anew'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='contractversion',
            name='contract_version_once',
        ),
        migrations.RemoveConstraint(
            model_name='deductionagreement',
            name='deduction_agreement_once',
        ),
        migrations.RemoveConstraint(
            model_name='insurance',
            name='insurance_once',
        ),
        migrations.RemoveConstraint(
            model_name='payrecord',
            name='pay_period_once',
        ),
        migrations.RemoveConstraint(
            model_name='travel',
            name='travel_once',
        ),
        migrations.AlterField(
            model_name='journeyevent',
            name='pilot',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pilots.pilot'),
        ),
        migrations.AlterField(
            model_name='payrecord',
            name='pilot',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pilots.pilot'),
        ),
        migrations.AlterField(
            model_name='placement',
            name='pilot',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='pilots.pilot', verbose_name='pilot'),
        ),
        migrations.AddConstraint(
            model_name='contractversion',
            constraint=models.UniqueConstraint(condition=models.Q(('supersedes__isnull', True)), fields=('placement', 'kind', 'signed_on', 'employer'), name='contract_version_once', nulls_distinct=False, violation_error_message='This version of the contract is already recorded; record a correction.'),
        ),
        migrations.AddConstraint(
            model_name='deductionagreement',
            constraint=models.UniqueConstraint(condition=models.Q(('supersedes__isnull', True)), fields=('placement', 'item', 'starts_on', 'employer'), name='deduction_agreement_once', nulls_distinct=False, violation_error_message='This deduction is already agreed from this day; record the change of it.'),
        ),
        migrations.AddConstraint(
            model_name='insurance',
            constraint=models.UniqueConstraint(fields=('placement', 'kind', 'joined_on', 'employer'), name='insurance_once', violation_error_message='This insurance is already recorded from this day.'),
        ),
        migrations.AddConstraint(
            model_name='payrecord',
            constraint=models.UniqueConstraint(condition=models.Q(('supersedes__isnull', True)), fields=('placement', 'period_start', 'period_end', 'employer'), name='pay_period_once', nulls_distinct=False, violation_error_message='There is already a pay record for this period; record a correction.'),
        ),
        migrations.AddConstraint(
            model_name='travel',
            constraint=models.UniqueConstraint(fields=('placement', 'direction', 'departs_on', 'employer'), name='travel_once', violation_error_message='This travel is already recorded.'),
        ),
        # What others arranged follows the worker; a nomination may be taken back once it is off its job order, and what
        # stayed of a sheet once nothing stands on it any more.
        facts_follow.INSTALL,
        taking_back_whose.INSTALL,
        taking_back.INSTALL,
    ]
