#!/bin/sh
# Prints the path of a Chromium that runs, or nothing and fails.
for candidate in "${LAMP_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
  [ -n "$candidate" ] || continue
  found=$(command -v "$candidate" 2>/dev/null) || continue
  "$found" --version >/dev/null 2>&1 </dev/null || continue
  printf '%s\n' "$found"
  exit 0
done
exit 1
