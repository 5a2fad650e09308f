"""Organisations, people with an account, jobs, kept views, history and audit: who sees and writes which rows."""

import accounts.rows
from django.db import migrations


class Migration(migrations.Migration):

    # A database that ran these is up to date.
    replaces = [
        ('accounts', '0004_row_policies'),
        ('accounts', '0005_row_policies'),
        ('accounts', '0007_row_policies'),
        ('accounts', '0005_policies'),
        ('accounts', '0007_policies'),
    ]

    dependencies = [
        ('accounts', '0002_functions'),
    ]

    operations = [
        accounts.rows.RowSecurity(
            table='accounts_user',
            grants={'app': 'riu all', 'employer': 'r colleague', 'operator': 'riu all', 'programme': 'r colleague', 'reader': 'r colleague', 'recruiter': 'r colleague', 'safeguarding': 'r colleague', 'welfare': 'r colleague'},
            history='restricted',
            append_only=False,
            within={},
            pilot=False,
            key='id',
            hidden=('password',),
        ),
        accounts.rows.RowSecurity(
            table='accounts_organisation',
            grants={'app': 'r all', 'compiler': 'r partner', 'employer': 'r partner', 'operator': 'riu all', 'programme': 'r partner', 'reader': 'r partner', 'recruiter': 'r partner', 'safeguarding': 'r partner', 'welfare': 'r partner'},
            history='kept',
            append_only=False,
            within={},
            pilot=False,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='accounts_membership',
            grants={'app': 'riu all', 'employer': 'ru own', 'operator': 'riu all', 'programme': 'ru own', 'reader': 'ru own', 'recruiter': 'ru own', 'safeguarding': 'ru own', 'welfare': 'ru own'},
            history='kept',
            append_only=False,
            within={},
            pilot=False,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='accounts_invitation',
            grants={'app': 'ru all', 'employer': 'riu own', 'operator': 'riu all', 'programme': 'riu own', 'reader': 'riu own', 'recruiter': 'riu own', 'safeguarding': 'riu own', 'welfare': 'riu own'},
            history='restricted',
            append_only=False,
            within={},
            pilot=False,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='accounts_job',
            grants={'compiler': 'riu own', 'employer': 'riu own', 'operator': 'ru all', 'programme': 'riu own', 'reader': 'riu own', 'recruiter': 'riu own', 'safeguarding': 'riu own', 'welfare': 'riu own'},
            history='none',
            append_only=False,
            within={},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='accounts_history',
            grants={'programme': 'r open history', 'safeguarding': 'r open history'},
            history='own',
            append_only=True,
            within={},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='accounts_auditevent',
            grants={'app': 'i all', 'compiler': 'i own', 'employer': 'ri own', 'operator': 'ri all', 'programme': 'i own, r open own or pilot', 'reader': 'ri own', 'recruiter': 'ri own', 'safeguarding': 'i own, r own or pilot', 'welfare': 'ri own'},
            history='none',
            append_only=True,
            within={},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='accounts_savedview',
            grants={'employer': 'r mine or shared here, iud mine here', 'programme': 'r mine or shared here, iud mine here', 'recruiter': 'r mine or shared here, iud mine here', 'safeguarding': 'r mine or shared here, iud mine here', 'welfare': 'r mine or shared here, iud mine here'},
            history='none',
            append_only=False,
            within={},
            pilot=False,
            key='id',
        ),
    ]
