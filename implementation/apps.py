from django.apps import AppConfig


class ImplementationConfig(AppConfig):
    """First floor: what could be done."""

    name = "implementation"
    default_auto_field = "django.db.models.BigAutoField"
