"""The WSGI door that the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamp_portal.settings")
application = get_wsgi_application()
