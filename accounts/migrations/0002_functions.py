"""The trigger function of the history, and what the app role may do with the tables of libraries.

A new table of a library needs a new migration with ``GrantUnscoped``.
"""

from django.db import migrations

from accounts.history import INSTALL
from accounts.rows import GrantUnscoped

GRANTS = {
    "django_session": {"app": "riud"},
    "usersessions_usersession": {"app": "riud"},
    "account_emailaddress": {"app": "riud", "operator": "riu"},
    "account_emailconfirmation": {"app": "riud"},
    "mfa_authenticator": {"app": "riud", "operator": "rd"},
    "django_content_type": {"app": "r", "operator": "r"},
    "auth_permission": {"app": "r", "operator": "r"},
    "auth_group": {"app": "r", "operator": "r"},
    "auth_group_permissions": {"app": "r", "operator": "r"},
    "accounts_user_groups": {"app": "r", "operator": "r"},
    "accounts_user_user_permissions": {"app": "r", "operator": "r"},
    "django_admin_log": {"operator": "ri"},
    "django_migrations": {"app": "r"},
}


class Migration(migrations.Migration):
    # A database that ran these is up to date.
    replaces = [
        ("accounts", "0002_history"),
        ("accounts", "0003_library_grants"),
    ]

    dependencies = [
        ("accounts", "0001_tables"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]
    operations = [INSTALL, *(GrantUnscoped(table=table, grants=grants) for table, grants in GRANTS.items())]
