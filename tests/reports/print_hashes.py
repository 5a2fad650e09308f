"""Prints the SHA-256 of every file of the demonstration edition; run in a process of its own by the tests.

The module name keeps pytest from collecting it. Argument: the folder for the cut fonts.
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

from reports.rendering import render_all
from tests.reports.demonstration import edition

if __name__ == "__main__":
    files = render_all(edition(), font_folder=Path(sys.argv[1]))
    sys.stdout.write(
        json.dumps({name: hashlib.sha256(body).hexdigest() for name, body in files.items()}, sort_keys=True)
    )
