"""Celery: transport only. What work there is stands in the Job table (``accounts/jobs.py``)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamp_portal.settings")
app = Celery("lamp_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ["lamp_portal.tasks"]
