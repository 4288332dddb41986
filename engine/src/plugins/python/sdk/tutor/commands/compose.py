"""Docker Compose: runs tasks in containers of this machine. What exactly is run, the engine says."""
import json
import typing as t

from tutor import hooks, tasks, utils
from tutor.commands import _installed
from tutor.commands.context import BaseTaskContext
from tutor.types import Config


class ComposeTaskRunner(tasks.BaseComposeTaskRunner):
    """Runs tasks of one project of Compose."""

    NAME = ""
    HOOK_FIRED = False

    def __init__(self, root: str, config: Config):
        from tutor_host import values

        super().__init__(root, config)
        self.project_name = ""
        self.docker_compose_files: t.List[str] = []
        self.docker_compose_job_files: t.List[str] = []
        if self.NAME:
            known = _ask("compose_project", mode=self.NAME, root=root, config=values.encode(config))
            self.project_name, self.docker_compose_files, self.docker_compose_job_files = known

    def _words(self, command: t.Sequence[str]) -> t.List[str]:
        if not ComposeTaskRunner.HOOK_FIRED:
            ComposeTaskRunner.HOOK_FIRED = True
            hooks.Actions.COMPOSE_PROJECT_STARTED.do(self.root, self.config, self.project_name)
        return _ask("compose_call", name=self.project_name, files=self.docker_compose_files, command=list(command))

    def is_running(self) -> bool:
        """Whether there is something of the project that Compose knows."""
        known = json.loads(self.docker_compose_output("ls", "--format", "json"))
        return any(project["Name"] == self.project_name for project in known)

    def docker_compose(self, *command: str) -> int:
        return utils.docker_compose(*self._words(command))

    def docker_compose_output(self, *command: str) -> bytes:
        """What Compose prints."""
        return utils.check_output("docker", "compose", *self._words(command))

    def run_task(self, service: str, command: str) -> int:
        words = _ask(
            "compose_task",
            files=self.docker_compose_job_files,
            service=str(service),
            script=command,
            terminal=utils.is_a_tty(),
        )
        return self.docker_compose(*words)


class BaseComposeContext(BaseTaskContext):
    """Has a runner of tasks in containers of this machine."""

    NAME: str = ""
    OPENEDX_SERVICES: t.List[str] = []
    RUNNER: t.Type[ComposeTaskRunner] = ComposeTaskRunner

    def job_runner(self, config: Config) -> ComposeTaskRunner:
        return self.RUNNER(self.root, config)


def stop_others(runner: t.Type[ComposeTaskRunner]) -> None:
    """When a project is started that is not this runner's, and that is running, it is stopped: they share ports."""

    @hooks.Actions.COMPOSE_PROJECT_STARTED.add()
    def _stop(root: str, config: Config, project_name: str) -> None:
        other = runner(root, config)
        if other.project_name != project_name and other.is_running():
            other.docker_compose("stop")


def _ask(kind: str, **arguments: t.Any) -> t.Any:
    import tutor_host

    return tutor_host.ask(kind, **arguments)


__getattr__ = _installed.fallback(__name__)
