"""Images of Docker."""
from tutor import fmt, hooks, utils


def build(path: str, tag: str, *args: str) -> None:
    fmt.echo_info("Building image " + tag)
    command = ["buildx", "build", "--tag=" + tag, *args, path]
    utils.docker(*hooks.Filters.DOCKER_BUILD_COMMAND.apply(command))


def pull(tag: str) -> None:
    fmt.echo_info("Pulling image " + tag)
    utils.docker("pull", tag)


def push(tag: str) -> None:
    fmt.echo_info("Pushing image " + tag)
    utils.docker("push", tag)
