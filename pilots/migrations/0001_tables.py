"""Corridors, pilots, their cohorts, sites, job orders, grants and overrides of rules: the tables."""

import accounts.rows
import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import pilots.models.overrides
from django.conf import settings
from django.db import migrations, models

from accounts.tables import Tables


class Migration(migrations.Migration):

    # A database that ran these is up to date.
    replaces = [
        ('pilots', '0001_initial'),
        ('pilots', '0003_parameter_overrides'),
        ('pilots', '0003_grants'),
        ('pilots', '0005_grants_closed'),
    ]

    dependencies = [
        ('accounts', '0003_policies'),
    ]

    operations = [
        Tables([
            migrations.CreateModel(
                name='Corridor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                    ('origin', models.CharField(max_length=2, verbose_name='origin')),
                    ('destination', models.CharField(max_length=2, verbose_name='destination')),
                    ('sector', models.CharField(max_length=80, verbose_name='sector')),
                ],
                options={
                    'verbose_name': 'corridor',
                    'verbose_name_plural': 'corridors',
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='Pilot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                    ('name', models.CharField(max_length=160, verbose_name='name')),
                    ('scheme', models.SlugField(max_length=40, verbose_name='scheme')),
                    ('corridor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pilots', to='pilots.corridor', verbose_name='corridor')),
                    ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='programme')),
                    ('starts_on', models.DateField(verbose_name='starts on')),
                    ('ends_on', models.DateField(verbose_name='ends on')),
                    ('currency', models.CharField(max_length=3, verbose_name='pay currency')),
                    ('home_currency', models.CharField(max_length=3, verbose_name='home currency')),
                ],
                options={
                    'verbose_name': 'pilot',
                    'verbose_name_plural': 'pilots',
                    'ordering': ['name', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='pilot_ends_after_start', violation_error_message='A pilot ends after it starts.'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='pilot_currency_iso', violation_error_message='Write the currency as three capital letters, such as NZD.')],
                },
            ),
            migrations.CreateModel(
                name='Participation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='pilots.pilot')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='accounts.organisation')),
                    ('kind', models.CharField(choices=[('programme', 'Programme'), ('recruiter', 'Recruiter'), ('employer', 'Employer'), ('origin_government', 'Government of origin'), ('destination_government', 'Government of destination'), ('funder', 'Funder'), ('welfare', 'Welfare partner')], max_length=24, verbose_name='takes part as')),
                    ('joined_on', models.DateField(verbose_name='since')),
                    ('left_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ],
                options={
                    'verbose_name': 'participation',
                    'verbose_name_plural': 'participations',
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('left_on__isnull', True)), fields=('pilot', 'organisation'), name='participation_once', violation_error_message='This organisation already takes part.')],
                },
            ),
            migrations.CreateModel(
                name='Cohort',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cohorts', to='pilots.pilot', verbose_name='pilot')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('code', models.CharField(help_text='As it is written in spreadsheets.', max_length=40, verbose_name='code')),
                    ('season', models.PositiveSmallIntegerField(default=1, verbose_name='season')),
                    ('target', models.PositiveIntegerField(help_text='People to depart.', verbose_name='target')),
                    ('opens_on', models.DateField(verbose_name='opens on')),
                    ('departs_on', models.DateField(verbose_name='departure')),
                    ('returns_on', models.DateField(verbose_name='planned return')),
                ],
                options={
                    'verbose_name': 'cohort',
                    'verbose_name_plural': 'cohorts',
                    'ordering': ['departs_on', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'code'), name='cohort_code_once', violation_error_message='Another cohort of this pilot has this code.'), models.CheckConstraint(condition=models.Q(('departs_on__gte', models.F('opens_on')), ('returns_on__gt', models.F('departs_on'))), name='cohort_dates_in_order', violation_error_message='A cohort opens before it departs and departs before it returns.'), models.CheckConstraint(condition=models.Q(('target__gte', 1)), name='cohort_target_positive', violation_error_message='The target is at least one person.')],
                },
            ),
            migrations.CreateModel(
                name='Site',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='pilots.pilot', verbose_name='pilot')),
                    ('employer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='employer')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('region', models.CharField(blank=True, max_length=120, verbose_name='region')),
                ],
                options={
                    'verbose_name': 'site',
                    'verbose_name_plural': 'sites',
                    'ordering': ['name', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'employer', 'name'), name='site_once', violation_error_message='This employer already has a site of this name.')],
                },
            ),
            migrations.CreateModel(
                name='JobOrder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='job_orders', to='pilots.pilot', verbose_name='pilot')),
                    ('cohort', accounts.rows.WithinPilot(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='job_orders', to='pilots.cohort', verbose_name='cohort')),
                    ('site', accounts.rows.WithinPilot(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='job_orders', to='pilots.site', verbose_name='site')),
                    ('employer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='employer')),
                    ('task', models.CharField(max_length=160, verbose_name='task')),
                    ('places', models.PositiveIntegerField(verbose_name='places')),
                    ('starts_on', models.DateField(verbose_name='starts on')),
                    ('ends_on', models.DateField(verbose_name='ends on')),
                    ('hourly_rate', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='hourly rate')),
                    ('hours_per_week', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='hours a week')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ],
                options={
                    'verbose_name': 'job order',
                    'verbose_name_plural': 'job orders',
                    'ordering': ['starts_on', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('places__gte', 1)), name='job_order_has_places', violation_error_message='A job order has at least one place.'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='job_order_ends_after_start', violation_error_message='A job order ends after it starts.'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='job_order_currency_iso', violation_error_message='Write the currency as three capital letters, such as NZD.'), models.CheckConstraint(condition=models.Q(('hourly_rate__gt', 0)), name='job_order_rate_positive', violation_error_message='The hourly rate is above zero.')],
                },
            ),
            migrations.CreateModel(
                name='ExchangeRate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('month', models.DateField(help_text='The first day of the month.', verbose_name='month')),
                    ('from_currency', models.CharField(max_length=3, verbose_name='from')),
                    ('to_currency', models.CharField(max_length=3, verbose_name='to')),
                    ('rate', models.DecimalField(decimal_places=8, max_digits=18, verbose_name='rate')),
                    ('source', models.CharField(max_length=200, verbose_name='source')),
                ],
                options={
                    'verbose_name': 'exchange rate',
                    'verbose_name_plural': 'exchange rates',
                    'ordering': ['-month', 'from_currency', 'to_currency'],
                    'constraints': [models.UniqueConstraint(fields=('month', 'from_currency', 'to_currency'), name='exchange_rate_once', violation_error_message='There is already a rate for this month.'), models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='exchange_rate_positive', violation_error_message='A rate is above zero.'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='exchange_rate_first_of_month', violation_error_message='Give the first day of the month.')],
                },
            ),
            migrations.CreateModel(
                name='ParameterOverride',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='pilots.pilot', verbose_name='pilot')),
                    ('parameter', models.CharField(max_length=60, verbose_name='rule')),
                    ('value', models.CharField(max_length=500, verbose_name='value')),
                    ('unit', models.CharField(max_length=40, verbose_name='unit')),
                    ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                    ('valid_from', models.DateField(verbose_name='from')),
                    ('valid_to', models.DateField(help_text='The last day. An override always has an end.', verbose_name='to')),
                    ('reason', models.CharField(help_text='Every partner of the pilot reads this. Write no names of workers.', max_length=500, verbose_name='reason')),
                    ('recorded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('recorded_name', models.CharField(max_length=150, verbose_name='recorded by')),
                    ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='recorded')),
                    ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                    ('ended_reason', models.CharField(blank=True, max_length=500, verbose_name='why it ended')),
                    ('ended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_name', models.CharField(blank=True, max_length=150, verbose_name='ended by')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='end recorded')),
                ],
                options={
                    'verbose_name': 'override of a rule',
                    'verbose_name_plural': 'overrides of rules',
                    'ordering': ['parameter', 'valid_from', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='override_ends_after_start', violation_error_message='An override ends on or after the day on which it begins.'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('value', ''), _negated=True)), name='override_says_why', violation_error_message='An override has a value and a reason.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_on__isnull', True), ('ended_reason', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('ended_on__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='override_ended_with_reason', violation_error_message='An override that ends early says when, why and who ended it.'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), models.Q(('ended_on__gte', models.F('valid_from')), ('ended_on__lte', models.F('valid_to'))), _connector='OR'), name='override_ended_within', violation_error_message='An override can only end early within its own days.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('pilot'), '='), (models.F('parameter'), '='), (pilots.models.overrides.Days(models.F('valid_from'), django.db.models.functions.comparison.Coalesce(models.F('ended_on'), pilots.models.overrides.DayAfter(models.F('valid_to')))), '&&')], name='override_one_at_a_time', violation_error_message='Another override of this rule already holds on some of these days.')],
                },
            ),
            migrations.CreateModel(
                name='Grant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='pilots.pilot', verbose_name='pilot')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='funder')),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('reference', models.CharField(help_text='The number in the funder’s own books.', max_length=60, verbose_name='reference')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(verbose_name='to')),
                    ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='recorded')),
                    ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                    ('closed_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was closed')),
                ],
                options={
                    'verbose_name': 'grant',
                    'verbose_name_plural': 'grants',
                    'ordering': ['starts_on', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'organisation', 'reference'), name='grant_reference_once', violation_error_message='This funder already has a grant of this reference here.'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='grant_ends_after_start', violation_error_message='A grant ends after it begins.'), models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), models.Q(('closed_on__gte', models.F('starts_on')), models.Q(('closed_reason', ''), _negated=True)), _connector='OR'), name='grant_closed_with_reason', violation_error_message='A grant is closed on or after the day it begins, with a reason.'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='grant_positive', violation_error_message='An amount is above zero.'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='grant_currency_iso', violation_error_message='Write the currency as three capital letters, such as NZD.')],
                },
            ),
            migrations.CreateModel(
                name='GrantTarget',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pilots.pilot')),
                    ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                    ('grant', accounts.rows.WithinPilot(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='pilots.grant', verbose_name='grant')),
                    ('figure', models.CharField(choices=[('departed', 'Placements that departed'), ('filled', 'Places filled by somebody who departed, in percent'), ('completed', 'Placements completed as planned, in percent'), ('women', 'Women among those who departed, in percent'), ('income', 'Income multiple, in times the pay at home'), ('cost', 'What workers paid for the job, in months of pay, at most'), ('checks', 'Welfare checks done of those due, in percent')], max_length=12, verbose_name='figure')),
                    ('value', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='target')),
                    ('by_on', models.DateField(verbose_name='by')),
                    ('agreed_on', models.DateField(blank=True, null=True, verbose_name='agreed on')),
                    ('ended_on', models.DateField(blank=True, null=True, verbose_name='no longer a target from')),
                    ('ended_reason', models.CharField(blank=True, max_length=300, verbose_name='why it is no longer one')),
                ],
                options={
                    'verbose_name': 'target of a grant',
                    'verbose_name_plural': 'targets of grants',
                    'ordering': ['by_on', 'id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('grant', 'figure', 'by_on'), name='grant_target_once', violation_error_message='This grant already has a target for this figure and day.'), models.CheckConstraint(condition=models.Q(('value__gte', 0), models.Q(models.Q(('figure__in', ['filled', 'completed', 'women', 'checks']), _negated=True), ('value__lte', 100), _connector='OR')), name='grant_target_plausible', violation_error_message='A target is not negative, and a share is at most 100 percent.'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), models.Q(models.Q(('ended_reason', ''), _negated=True), models.Q(('agreed_on__isnull', True), ('ended_on__gte', models.F('agreed_on')), _connector='OR')), _connector='OR'), name='grant_target_ended_with_reason', violation_error_message='A target ends with a reason, and not before it was agreed.')],
                },
            ),
        ]),
    ]
