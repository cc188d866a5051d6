"""The Celery application: a doorbell for bulk runs (ADR 0004); the work itself is rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "advisory.conf.settings")
app = Celery("sleevewise")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
