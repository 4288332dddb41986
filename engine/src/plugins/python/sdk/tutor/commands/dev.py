"""Containers of this machine, for developers."""
from tutor.commands import _installed, _platform
from tutor.commands.compose import BaseComposeContext, ComposeTaskRunner


class DevTaskRunner(ComposeTaskRunner):
    """Runs tasks there."""

    NAME = "dev"


class DevContext(BaseComposeContext):
    """Has the runner."""

    NAME = "dev"
    OPENEDX_SERVICES = ["lms", "cms"]
    RUNNER = DevTaskRunner


dev = _platform.group("dev", DevContext, "Run Open edX locally with development settings")
__getattr__ = _installed.fallback(__name__)
