"""Containers of this machine, as in production."""
from tutor.commands import _installed, _platform
from tutor.commands.compose import BaseComposeContext, ComposeTaskRunner


class LocalTaskRunner(ComposeTaskRunner):
    """Runs tasks there."""

    NAME = "local"


class LocalContext(BaseComposeContext):
    """Has the runner."""

    NAME = "local"
    OPENEDX_SERVICES = ["lms", "cms", "lms-worker", "cms-worker"]
    RUNNER = LocalTaskRunner


local = _platform.group("local", LocalContext, "Run Open edX locally with docker compose")
__getattr__ = _installed.fallback(__name__)
