"""``make run``: everything in one process tree, from nothing to a page that answers."""

import socket
import sys
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from advisory.conf.demo import DEMO_LOGINS, DEMO_PASSWORD, ensure_demo
from advisory.conf.supervisor import Child, Supervisor

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Prepare the database and the demo firm, then run web server and worker until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, port: int, no_demo: bool, **options: Any) -> None:
        self._refuse_taken_port(port)
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("publish_defaults", verbosity=0)
        demo = False if no_demo else ensure_demo(say=self.stdout.write)
        python = [sys.executable]
        web = [
            *python, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
            "--workers", "2", "--blocking-threads", "1", "--no-access-log", "--log-level", "warning",
            "advisory.conf.wsgi:application",
        ]  # fmt: skip
        worker = [*python, str(settings.BASE_DIR / "manage.py"), "worker"]
        supervisor = Supervisor([Child("Web server", web), Child("Worker", worker)], self.stdout.write)
        supervisor.run(ready=lambda: _answers(port), announce=lambda: self._announce(port, demo))
        self.stdout.write("Stopped. Your data is kept in " + str(settings.VAR_DIR))

    def _refuse_taken_port(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT=8001"
                ) from error

    def _announce(self, port: int, demo: bool) -> None:
        lines = ["", f"Sleevewise is ready:  http://{HOST}:{port}", ""]
        if demo:
            lines += [f"Demo log-ins (password for all: {DEMO_PASSWORD})", ""]
            lines += [f"  {role:<16} {email}" for role, email in DEMO_LOGINS]
        lines += ["", "Ctrl-C stops everything; a second start keeps the data."]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False
