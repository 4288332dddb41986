"""The command line, as a click group: plugins' commands are in it, the engine's are not."""
import sys
import typing as t

import click

from tutor import exceptions, fmt, hooks
from tutor.commands import _installed
from tutor.commands.context import Context


class TutorCli(click.Group):
    """Commands that plugins add."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> t.Optional[click.Command]:
        for command in hooks.Filters.CLI_COMMANDS.iterate():
            if command.name == cmd_name:
                return t.cast(click.Command, command)
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> t.List[str]:
        names = {command.name for command in hooks.Filters.CLI_COMMANDS.iterate() if command.name}
        return sorted(names | set(super().list_commands(ctx)))


@click.group(cls=TutorCli)
@click.option("-r", "--root", envvar="TUTOR_ROOT", default="", help="Root project directory")
@click.pass_context
def cli(context: click.Context, root: str) -> None:
    """Runs the commands of plugins."""
    context.obj = Context(root)


def main() -> None:
    """Runs the command line."""
    try:
        cli()
    except exceptions.TutorError as error:
        fmt.echo_error("Error: %s" % error)
        sys.exit(1)


__getattr__ = _installed.fallback(__name__)
