"""Tasks: scripts that are run where a service is. Who runs them is a matter of subclasses."""
import typing as t

from tutor import env
from tutor.types import Config


class BaseTaskRunner:
    """Runs tasks of one project."""

    def __init__(self, root: str, config: Config):
        self.root = root
        self.config = config

    def run_task_from_template(self, service: str, *path: str) -> None:
        """Runs what a template comes to."""
        self.run_task(service, self.render(*path))

    def run_task_from_str(self, service: str, command: str) -> None:
        """Runs what a text comes to."""
        self.run_task(service, env.render_str(self.config, command).strip())

    def render(self, *path: str) -> str:
        """What a template comes to."""
        return t.cast(str, env.render_file(self.config, *path)).strip()

    def run_task(self, service: str, command: str) -> int:
        """Runs a script, as it is."""
        raise NotImplementedError


class BaseComposeTaskRunner(BaseTaskRunner):
    """One that has Docker Compose do it."""

    def docker_compose(self, *command: str) -> int:
        raise NotImplementedError
