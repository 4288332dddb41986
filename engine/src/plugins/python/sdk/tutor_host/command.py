"""Runs a plugin's click command in the terminal."""
import sys

from tutor_host import v0
from tutor_host.errors import Wrong


def run(plugin, args, root):
    """The status that the command ends with. An exception is the plugin's, and the engine's to show."""
    name = plugin.get("name")
    sys.argv[:] = ["tutor " + name] + list(args)
    command = getattr(v0.thing_of(plugin), "command", None)
    v0.command_of(command)
    if command is None:
        raise Wrong("plugin %s has no command" % name, attribute="command")
    import click
    from tutor.commands.context import Context
    from tutor.exceptions import TutorError

    command.name = name
    parent = click.Context(click.Group("tutor"), info_name="tutor", obj=Context(root))
    try:
        command.main(args=list(args), prog_name=name, parent=parent)
    except TutorError as error:
        from tutor import fmt

        fmt.echo_error("Error: %s" % error)
        return 1
    except SystemExit as error:
        return status_of(error.code)
    return 0


def status_of(code):
    """The status that Python would end with."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1
