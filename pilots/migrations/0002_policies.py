"""Corridors, pilots, their cohorts, sites, job orders, grants and overrides of rules: who sees and writes which rows."""

import accounts.rows
from django.db import migrations


class Migration(migrations.Migration):

    # A database that ran these is up to date.
    replaces = [
        ('pilots', '0002_row_policies'),
        ('pilots', '0004_row_policies'),
        ('pilots', '0004_grant_policies'),
    ]

    dependencies = [
        ('pilots', '0001_tables'),
    ]

    operations = [
        accounts.rows.RowSecurity(
            table='pilots_corridor',
            grants={'app': 'r all', 'compiler': 'r all', 'employer': 'r all', 'operator': 'riu all', 'programme': 'r all', 'reader': 'r all', 'recruiter': 'r all', 'safeguarding': 'r all', 'welfare': 'r all'},
            history='kept',
            append_only=False,
            within={},
            pilot=False,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='pilots_pilot',
            grants={'compiler': 'r pilot itself', 'employer': 'r pilot itself', 'operator': 'riu all', 'programme': 'ru pilot itself', 'reader': 'r pilot itself', 'recruiter': 'r pilot itself', 'safeguarding': 'r pilot itself', 'welfare': 'r pilot itself'},
            history='kept',
            append_only=False,
            within={},
            pilot=False,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='pilots_participation',
            grants={'app': 'r all', 'compiler': 'r pilot', 'employer': 'r pilot', 'operator': 'riu all', 'programme': 'riu pilot', 'reader': 'r pilot', 'recruiter': 'r pilot', 'safeguarding': 'r pilot', 'welfare': 'r pilot'},
            history='kept',
            append_only=False,
            within={},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='pilots_cohort',
            grants={'compiler': 'r pilot', 'employer': 'r pilot', 'operator': 'r all', 'programme': 'riu pilot', 'reader': 'r pilot', 'recruiter': 'r pilot', 'safeguarding': 'r pilot', 'welfare': 'r pilot'},
            history='kept',
            append_only=False,
            within={},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='pilots_site',
            grants={'compiler': 'r pilot', 'employer': 'r employer', 'operator': 'r all', 'programme': 'riu pilot', 'recruiter': 'r pilot', 'safeguarding': 'r pilot', 'welfare': 'r pilot'},
            history='kept',
            append_only=False,
            within={},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='pilots_joborder',
            grants={'compiler': 'r pilot', 'employer': 'r employer', 'operator': 'r all', 'owner': 'r all', 'programme': 'riu pilot', 'recruiter': 'r pilot', 'safeguarding': 'r pilot', 'welfare': 'r pilot'},
            history='kept',
            append_only=False,
            within={'cohort_id': 'pilots_cohort', 'site_id': 'pilots_site'},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='pilots_exchangerate',
            grants={'compiler': 'r all', 'employer': 'r all', 'operator': 'riu all', 'programme': 'ri all', 'reader': 'r all', 'recruiter': 'r all', 'safeguarding': 'r all', 'welfare': 'r all'},
            history='kept',
            append_only=False,
            within={},
            pilot=False,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='pilots_parameteroverride',
            grants={'compiler': 'r pilot', 'employer': 'r pilot', 'operator': 'r all', 'programme': 'riu pilot', 'reader': 'r pilot', 'recruiter': 'r pilot', 'safeguarding': 'r pilot', 'welfare': 'r pilot'},
            history='kept',
            append_only=False,
            within={},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='pilots_grant',
            grants={'compiler': 'r pilot', 'operator': 'r all', 'programme': 'riu pilot', 'reader': 'r own report', 'safeguarding': 'r pilot'},
            history='kept',
            append_only=False,
            within={},
            pilot=True,
            key='id',
        ),
        accounts.rows.RowSecurity(
            table='pilots_granttarget',
            grants={'compiler': 'r pilot', 'operator': 'r all', 'programme': 'riud pilot', 'reader': 'r own report', 'safeguarding': 'r pilot'},
            history='kept',
            append_only=False,
            within={'grant_id': 'pilots_grant'},
            pilot=True,
            key='id',
        ),
    ]
