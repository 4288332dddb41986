"""Containers of this machine, as in production."""
from tutor.commands.compose import BaseComposeContext, ComposeTaskRunner


class LocalTaskRunner(ComposeTaskRunner):
    """Runs tasks there."""

    NAME = "local"


class LocalContext(BaseComposeContext):
    """Has the runner."""

    NAME = "local"
    OPENEDX_SERVICES = ["lms", "cms", "lms-worker", "cms-worker"]
    RUNNER = LocalTaskRunner
