"""Prints the SHA-256 of every file of an edition; run in a process of its own by the tests and `bench.editions`.

The module name keeps pytest from collecting it. Arguments: the folder for the cut fonts, and the JSON file of an
edition (otherwise the invented one of the tests).
"""

import hashlib
import json
import sys
from pathlib import Path

import django
from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=True, LANGUAGE_CODE="en")
    django.setup()

from reports.content import read
from reports.rendering import render_all
from tests.reports.demonstration import edition

if __name__ == "__main__":
    content = read(Path(sys.argv[2]).read_bytes()) if len(sys.argv) > 2 else edition()
    files = render_all(content, font_folder=Path(sys.argv[1]))
    sys.stdout.write(
        json.dumps({name: hashlib.sha256(body).hexdigest() for name, body in files.items()}, sort_keys=True)
    )
