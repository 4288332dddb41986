"""Containers of this machine, for developers."""
from tutor.commands.compose import BaseComposeContext, ComposeTaskRunner


class DevTaskRunner(ComposeTaskRunner):
    """Runs tasks there."""

    NAME = "dev"


class DevContext(BaseComposeContext):
    """Has the runner."""

    NAME = "dev"
    OPENEDX_SERVICES = ["lms", "cms"]
    RUNNER = DevTaskRunner
