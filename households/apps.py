from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HouseholdsConfig(AppConfig):
    """Ground floor: what is true of the client."""

    name = "households"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from households.foundation.appendonly import install_triggers

        post_migrate.connect(install_triggers, dispatch_uid="append-only triggers")
