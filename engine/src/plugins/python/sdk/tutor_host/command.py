"""Click commands of plugins: checks and describes them, and runs one in the terminal."""
import sys

from tutor_host.errors import Wrong
from tutor_host.values import type_name


def check(found, attribute, *key):
    """Checks that it is a click command. Who made one has imported click."""
    click = sys.modules.get("click")
    if not isinstance(found, getattr(click, "Command", ())):
        raise Wrong(
            "%s should be a click command, but is of type %s" % (attribute, type_name(found)),
            attribute=attribute,
            key=list(key),
            expected="a click command",
            found=type_name(found),
        )


def describe(found):
    """What there is to know of a command without running it."""
    lines = (found.short_help or found.help or "").strip().splitlines() or [""]
    return {
        "name": found.name,
        "help": lines[0].strip(),
        "short": found.get_short_help_str(),
        "hidden": bool(found.hidden),
        "group": hasattr(found, "commands"),
    }


def run(plugin, name, args, root):
    """The status that the command ends with. An exception is the plugin's, and the engine's to show."""
    v1 = plugin.get("group") == "v1"
    shown = name if v1 else plugin.get("name")
    sys.argv[:] = ["tutor " + shown] + list(args)
    command = find(plugin, name)
    import click
    from tutor.commands.context import Context
    from tutor.exceptions import TutorError

    command.name = shown
    parent = click.Context(
        click.Group("tutor"), info_name="tutor", obj=Context(root), help_option_names=["-h", "--help"]
    )
    try:
        command.main(args=list(args), prog_name=shown, parent=parent)
    except TutorError as error:
        from tutor import fmt

        fmt.echo_error("Error: %s" % error)
        return 1
    except SystemExit as error:
        return status_of(error.code)
    return 0


def find(plugin, name):
    """The command that is wanted: of a v1 plugin the one of that name, of another the only one."""
    if plugin.get("group") == "v1":
        from tutor_host import v1

        found = v1.command(plugin, name)
        check(found, "CLI_COMMANDS")
        return found
    from tutor_host import v0

    found = getattr(v0.thing_of(plugin), "command", None)
    if found is None:
        raise Wrong("plugin %s has no command" % plugin.get("name"), attribute="command")
    check(found, "command")
    return found


def status_of(code):
    """The status that Python would end with."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1
