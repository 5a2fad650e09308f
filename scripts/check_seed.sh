#!/bin/sh
# The demonstration world on an empty database: it must be playable from nothing, and a second time change nothing.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
LAMP_PROFILE=test-seed DEMO=True
export LAMP_PROFILE DEMO
unset DATABASE_URL DATABASE_OWNER_URL REDIS_URL
trap '$python -m lamp_portal.servers reset --profile test-seed >/dev/null' EXIT
$python -m lamp_portal.servers reset --profile test-seed >/dev/null
$python manage.py migrate --noinput --verbosity 0
$python manage.py seed_demo
$python manage.py seed_demo
