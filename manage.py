#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL and REDIS_URL the embedded servers are started first."""

import os
import sys

# These change tables, which only the owner of the database may.
OWNER_COMMANDS = {
    "flush",
    "makemigrations",
    "migrate",
    "optimizemigration",
    "remove_stale_contenttypes",
    "showmigrations",
    "sqlflush",
    "sqlmigrate",
    "squashmigrations",
    "test",
}


def main() -> None:
    """Run one command; a trouble with the servers is one sentence and the exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamp_portal.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("LAMP_DB_ROLE", "owner")
    from lamp_portal import servers

    try:
        if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            profile = os.environ.get("LAMP_PROFILE", "demo")
            servers.use(profile)
            # The embedded servers are for this machine: plain http, and a demonstration unless it is for tests.
            os.environ.setdefault("LOCAL" if profile.startswith("test") else "DEMO", "True")
    except servers.ServerTrouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(2)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
