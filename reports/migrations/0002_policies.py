"""Editions of reports, their files and who took them: who sees and writes which rows."""

import accounts.rows
from django.db import migrations


class Migration(migrations.Migration):

    # A database that ran these is up to date.
    replaces = [
        ('reports', '0002_row_policies'),
    ]

    dependencies = [
        ('reports', '0001_tables'),
    ]

    operations = [
        accounts.rows.RowSecurity(
            table='reports_edition',
            grants={'compiler': 'ri own report', 'employer': 'r own report', 'programme': 'r pilot', 'reader': 'r own report', 'recruiter': 'r own report', 'safeguarding': 'r pilot', 'welfare': 'r own report'},
            history='kept',
            append_only=True,
            within={},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='reports_editionfile',
            grants={'compiler': 'ri own report', 'employer': 'r own report', 'programme': 'r pilot', 'reader': 'r own report', 'recruiter': 'r own report', 'safeguarding': 'r pilot', 'welfare': 'r own report'},
            history='none',
            append_only=True,
            within={'edition_id': 'reports_edition'},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='reports_download',
            grants={'employer': 'ri own report', 'programme': 'ri pilot', 'reader': 'ri own report', 'recruiter': 'ri own report', 'safeguarding': 'ri pilot', 'welfare': 'ri own report'},
            history='none',
            append_only=True,
            within={'edition_id': 'reports_edition'},
            pilot=True,
            key='id',
        ),
    ]
