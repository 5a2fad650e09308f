"""Editions of reports, their files and who took them: the tables."""

import accounts.rows
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.tables import Tables


class Migration(migrations.Migration):

    # A database that ran these is up to date.
    replaces = [
        ('reports', '0001_initial'),
    ]

    dependencies = [
        ('compliance', '0003_policies'),
    ]

    operations = [
        Tables([
            migrations.CreateModel(
                name='Edition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='pilots.pilot', verbose_name='pilot')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='reader')),
                    ('kind', models.CharField(choices=[('employer', 'Employer report'), ('origin-government', 'Report for the government of origin'), ('destination-government', 'Report for the government of destination'), ('funder', 'Funder report'), ('pilot', 'Pilot review')], max_length=24, verbose_name='kind')),
                    ('number', models.PositiveIntegerField(verbose_name='edition')),
                    ('period_from', models.DateField(verbose_name='from')),
                    ('period_to', models.DateField(verbose_name='to')),
                    ('as_of', models.DateTimeField(verbose_name='data as of')),
                    ('content', models.JSONField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('job_id', models.BigIntegerField(null=True, unique=True)),
                    ('asked_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('compiled_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='compiled')),
                    ('supersedes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.edition')),
                ],
                options={
                    'verbose_name': 'edition',
                    'verbose_name_plural': 'editions',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['organisation', '-id'], name='edition_of_organisation')],
                    'constraints': [models.UniqueConstraint(fields=('pilot', 'organisation', 'kind', 'period_from', 'period_to', 'number'), name='edition_number_once', violation_error_message='This edition already exists.'), models.CheckConstraint(condition=models.Q(('period_to__gte', models.F('period_from'))), name='edition_period_in_order', violation_error_message='A period ends on or after its start.')],
                },
            ),
            migrations.CreateModel(
                name='EditionFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pilots.pilot')),
                    ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                    ('edition', accounts.rows.WithinPilot(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.edition')),
                    ('name', models.CharField(max_length=120)),
                    ('media_type', models.CharField(max_length=120)),
                    ('body', models.BinaryField()),
                    ('size', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                ],
                options={
                    'verbose_name': 'file of an edition',
                    'verbose_name_plural': 'files of editions',
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('edition', 'name'), name='edition_file_once', violation_error_message='This edition already has a file of this name.')],
                },
            ),
            migrations.CreateModel(
                name='Download',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pilot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pilots.pilot')),
                    ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                    ('edition', accounts.rows.WithinPilot(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='reports.edition')),
                    ('file_name', models.CharField(max_length=120, verbose_name='file')),
                    ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ],
                options={
                    'verbose_name': 'download',
                    'verbose_name_plural': 'downloads',
                    'ordering': ['-id'],
                },
            ),
        ]),
    ]
