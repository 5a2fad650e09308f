#!/bin/sh
# On an empty database: no model has changed without a migration, all migrations run, and the demonstration
# world can be played from nothing, a second time without changing anything.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
LAMP_PROFILE=test-empty DEMO=True
export LAMP_PROFILE DEMO
unset DATABASE_URL DATABASE_OWNER_URL REDIS_URL
trap '$python -m lamp_portal.servers reset --profile test-empty >/dev/null' EXIT
$python -m lamp_portal.servers reset --profile test-empty >/dev/null
$python manage.py makemigrations --check --dry-run
$python manage.py migrate --noinput --verbosity 0
$python manage.py seed_demo
$python manage.py seed_demo
