"""Organisations, people with an account, jobs, kept views, history and audit: the tables."""

import accounts.hidden
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from accounts.tables import Tables


class Migration(migrations.Migration):

    # A database that ran these is up to date.
    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0006_password_hidden'),
        ('accounts', '0004_audit_in_confidence'),
        ('accounts', '0006_saved_views'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        Tables([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('password', accounts.hidden.Hidden(max_length=128, verbose_name='password')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                    ('name', models.CharField(max_length=150, verbose_name='name')),
                    ('language', models.CharField(default='en', max_length=12, verbose_name='language')),
                    ('time_zone', models.CharField(default='UTC', max_length=64, verbose_name='time zone')),
                    ('theme', models.CharField(default='system', max_length=8, verbose_name='appearance')),
                    ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                    ('is_staff', models.BooleanField(default=False, verbose_name='operator')),
                    ('date_joined', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='since')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'person with an account',
                    'verbose_name_plural': 'people with an account',
                    'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_small_letters', violation_error_message='Write the e-mail address in small letters.')],
                },
            ),
            migrations.CreateModel(
                name='Organisation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                    ('kind', models.CharField(choices=[('programme', 'Programme'), ('recruiter', 'Recruiter'), ('employer', 'Employer'), ('origin_government', 'Government of origin'), ('destination_government', 'Government of destination'), ('funder', 'Funder'), ('welfare', 'Welfare partner')], max_length=24, verbose_name='kind')),
                    ('country', models.CharField(help_text='ISO 3166 code, such as TO or NZ.', max_length=2, verbose_name='country')),
                    ('suspended_at', models.DateTimeField(blank=True, null=True, verbose_name='suspended at')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created at')),
                ],
                options={
                    'verbose_name': 'organisation',
                    'verbose_name_plural': 'organisations',
                    'ordering': ['name', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['programme', 'recruiter', 'employer', 'origin_government', 'destination_government', 'funder', 'welfare'])), name='organisation_kind_known', violation_error_message='This kind of organisation is not known.'), models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z]{2}$')), name='organisation_country_iso', violation_error_message='Write the country as two capital letters, such as NZ.')],
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.organisation', verbose_name='organisation')),
                    ('role', models.CharField(choices=[('programme_officer', 'Programme officer'), ('programme_manager', 'Programme manager'), ('safeguarding_lead', 'Safeguarding lead'), ('recruiter', 'Recruiter'), ('employer', 'Employer'), ('welfare_officer', 'Welfare officer'), ('government', 'Government officer'), ('funder', 'Funder')], max_length=24, verbose_name='role')),
                    ('manages_members', models.BooleanField(default=False, verbose_name='may invite and remove colleagues')),
                    ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='since')),
                    ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ],
                options={
                    'verbose_name': 'membership',
                    'verbose_name_plural': 'memberships',
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'organisation'), name='membership_once', violation_error_message='This person is already a member.'), models.CheckConstraint(condition=models.Q(('role__in', ['programme_officer', 'programme_manager', 'safeguarding_lead', 'recruiter', 'employer', 'welfare_officer', 'government', 'funder'])), name='membership_role_known', violation_error_message='This role is not known.'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='membership_ends_after_start', violation_error_message='A membership cannot end before it began.')],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='accounts.organisation')),
                    ('role', models.CharField(choices=[('programme_officer', 'Programme officer'), ('programme_manager', 'Programme manager'), ('safeguarding_lead', 'Safeguarding lead'), ('recruiter', 'Recruiter'), ('employer', 'Employer'), ('welfare_officer', 'Welfare officer'), ('government', 'Government officer'), ('funder', 'Funder')], max_length=24, verbose_name='role')),
                    ('manages_members', models.BooleanField(default=False, verbose_name='may invite and remove colleagues')),
                    ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                    ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='sent')),
                    ('expires_at', models.DateTimeField(verbose_name='valid until')),
                    ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ],
                options={
                    'verbose_name': 'invitation',
                    'verbose_name_plural': 'invitations',
                    'ordering': ['-id'],
                    'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), models.F('organisation'), condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True)), name='invitation_open_once', violation_error_message='This address already has an open invitation.'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='invitation_accepted_or_revoked', violation_error_message='An accepted invitation cannot be withdrawn.')],
                },
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40, verbose_name='kind')),
                    ('key', models.CharField(help_text='The same key asks for the same work.', max_length=120)),
                    ('params', models.JSONField(default=dict)),
                    ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('role', models.CharField(blank=True, max_length=24)),
                    ('pilot_id', models.BigIntegerField(null=True)),
                    ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Needs a person')], default='waiting', max_length=8, verbose_name='state')),
                    ('attempt', models.PositiveSmallIntegerField(default=0, verbose_name='attempt')),
                    ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='asked')),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('lease_until', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                    ('progress_done', models.PositiveIntegerField(default=0)),
                    ('progress_total', models.PositiveIntegerField(default=0)),
                    ('progress_words', models.CharField(blank=True, max_length=200)),
                    ('result', models.JSONField(default=dict)),
                    ('trouble', models.TextField(blank=True, help_text='What went wrong, in words a person can act on.')),
                ],
                options={
                    'verbose_name': 'job',
                    'verbose_name_plural': 'jobs',
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'lease_until'], name='job_to_sweep'), models.Index(fields=['organisation', '-id'], name='job_of_organisation')],
                    'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='job_once', violation_error_message='This work was already asked for.'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['waiting', 'running'])), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed'])), _connector='OR'), name='job_finished_has_time', violation_error_message='A finished job has the time it finished.')],
                },
            ),
            migrations.CreateModel(
                name='History',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('table_name', models.CharField(max_length=63)),
                    ('operation', models.CharField(max_length=1)),
                    ('row_id', models.BigIntegerField(null=True)),
                    ('row_ids', models.JSONField(null=True)),
                    ('first_id', models.BigIntegerField(null=True)),
                    ('last_id', models.BigIntegerField(null=True)),
                    ('pilot_id', models.BigIntegerField(null=True)),
                    ('restricted', models.BooleanField(default=False)),
                    ('user_id', models.BigIntegerField(null=True)),
                    ('organisation_id', models.BigIntegerField(null=True)),
                    ('role', models.CharField(blank=True, max_length=24)),
                    ('request', models.CharField(blank=True, max_length=64)),
                    ('before', models.JSONField(null=True)),
                ],
                options={
                    'verbose_name': 'change',
                    'verbose_name_plural': 'history of changes',
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('row_id__isnull', False)), fields=['table_name', 'row_id'], name='history_of_row'), models.Index(fields=['pilot_id', '-id'], name='history_of_pilot')],
                },
            ),
            migrations.CreateModel(
                name='AuditEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                    ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                    ('pilot_id', models.BigIntegerField(null=True)),
                    ('action', models.CharField(max_length=40, verbose_name='action')),
                    ('object_kind', models.CharField(blank=True, max_length=40, verbose_name='of what')),
                    ('object_id', models.BigIntegerField(null=True)),
                    ('outcome', models.CharField(default='done', max_length=16, verbose_name='outcome')),
                    ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                    ('request', models.CharField(blank=True, max_length=64)),
                    ('restricted', models.BooleanField(db_default=False, default=False)),
                ],
                options={
                    'verbose_name': 'audit event',
                    'verbose_name_plural': 'audit trail',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['object_kind', 'object_id'], name='audit_of_object')],
                },
            ),
            migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                    ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('listing', models.CharField(max_length=24, verbose_name='list')),
                    ('name', models.CharField(max_length=60, verbose_name='name')),
                    ('query', models.CharField(blank=True, max_length=400, verbose_name='filters')),
                    ('shared', models.BooleanField(default=False, verbose_name='for the whole team')),
                    ('saved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='saved')),
                ],
                options={
                    'verbose_name': 'saved view',
                    'verbose_name_plural': 'saved views',
                    'ordering': ['name', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('organisation', 'user', 'listing', 'name'), name='saved_view_once', violation_error_message='You already have a view of this name on this list.'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_view_has_name', violation_error_message='A view needs a name.')],
                },
            ),
        ]),
    ]
