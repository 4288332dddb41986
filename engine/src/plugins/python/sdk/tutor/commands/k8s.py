"""Kubernetes. Tasks cannot be run there yet."""
from tutor import exceptions, tasks
from tutor.commands import _installed, _platform
from tutor.commands.context import BaseTaskContext
from tutor.types import Config


class K8sTaskRunner(tasks.BaseTaskRunner):
    """Says that it cannot."""

    def run_task(self, service: str, command: str) -> int:
        raise exceptions.TutorError(
            "tasks of jobs cannot be run in Kubernetes yet: nothing was run for the service '%s'" % service
        )


class K8sContext(BaseTaskContext):
    """Has the runner."""

    def job_runner(self, config: Config) -> K8sTaskRunner:
        return K8sTaskRunner(self.root, config)


k8s = _platform.group("k8s", K8sContext, "Run Open edX on Kubernetes")
__getattr__ = _installed.fallback(__name__)
