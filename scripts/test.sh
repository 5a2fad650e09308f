#!/bin/sh
# Runs the tests (arguments go to pytest) and stops the test servers when nobody else uses them.
# The browser stories need a Chromium: without one they are left out, unless LAMP_REQUIRE_BROWSER=1 demands them.
set -u
cd "$(dirname "$0")/.." || exit 2
python=.venv/bin/python
if LAMP_CHROMIUM=$(sh scripts/find_chromium.sh); then
  export LAMP_CHROMIUM
elif [ "${LAMP_REQUIRE_BROWSER:-}" = 1 ]; then
  echo "No Chromium was found, and LAMP_REQUIRE_BROWSER=1 demands the browser stories." >&2
  exit 2
else
  echo "No Chromium was found: the browser stories are left out (on Debian: apt-get install chromium)."
  set -- -m "not browser" "$@"
fi
status=0
$python -m pytest -n 2 --durations=40 --durations-min=3 "$@" || status=$?
$python -m lamp_portal.servers down --profile test --if-idle >/dev/null
exit $status
