"""The project's shell. The Celery application is named here, where ``-A advisory.conf`` looks for it."""

from advisory.conf.celery import app as celery_app

__all__ = ["celery_app"]
