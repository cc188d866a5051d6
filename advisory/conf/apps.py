from django.apps import AppConfig


class ConfConfig(AppConfig):
    """The project's shell: settings, addresses, the commands that start it."""

    name = "advisory.conf"
    label = "conf"

    def ready(self) -> None:
        from advisory.conf import checks  # noqa: F401
