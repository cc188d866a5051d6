"""The project's shell. The Celery application is named here so that ``-A advisory.conf`` and tasks find it."""

from advisory.conf.celery import app as celery_app

__all__ = ["celery_app"]
