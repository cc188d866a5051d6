"""Settings as the environment makes them, read by a process of their own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from advisory.conf.demo import ensure_demo
from households.models import User

PRODUCTION = {
    "SLEEVEWISE_ENV": "production",
    "DJANGO_SECRET_KEY": "x7" * 40,
    "ALLOWED_HOSTS": "sleevewise.example",
}


def _setting(name: str, var: Path, **environment: str) -> str:
    """The setting as a fresh process reads it."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    told = subprocess.run(
        [sys.executable, "-c", f"from advisory.conf import settings; print(settings.{name})"],
        cwd=settings.BASE_DIR,
        env=kept | {"SLEEVEWISE_VAR": str(var)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_sessions_are_cached_only_where_all_processes_share_the_cache(tmp_path: Path) -> None:
    """Two web processes with a cache each: a log-out in one must end the session in the other."""
    assert _setting("SESSION_ENGINE", tmp_path).endswith(".db")
    shared = _setting("SESSION_ENGINE", tmp_path, REDIS_URL="redis://127.0.0.1:6379/5")
    assert shared.endswith(".cached_db")


def test_lists_in_the_environment_may_hold_spaces_and_nothing_is_no_host(tmp_path: Path) -> None:
    assert _setting("ALLOWED_HOSTS", tmp_path, ALLOWED_HOSTS="a.example, b.example,") == str(
        ["a.example", "b.example"]
    )
    assert _setting("ALLOWED_HOSTS", tmp_path, **PRODUCTION | {"ALLOWED_HOSTS": ""}) == "[]"


@pytest.mark.django_db
def test_the_demo_firm_with_its_known_password_never_comes_into_production(settings: Any) -> None:
    settings.PRODUCTION = True
    assert ensure_demo(say=print) is False
    assert not User.objects.exists()
