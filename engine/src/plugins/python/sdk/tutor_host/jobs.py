"""Runs a job or a command of a plugin's in the terminal, `tutor local do …` or `tutor local …`: click reads the command
line, with all plugins there.
"""
import sys

from tutor_host import command, contributed, v1

HELP = {
    "help": "Run a custom job in the right container(s).",
    "subcommand_metavar": "JOB [ARGS]...",
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


def run(request):
    """The status that it ends with. An exception is told with the plugin whose code was nearest."""
    plugins = [member for member in request["members"] if "filters" not in member]
    try:
        return on_terminal(request, load(request))
    except BaseException as error:
        request["plugin"] = nearest(error, plugins) or request.get("plugin")
        raise


def load(request):
    """Loads plugins, and has what others contribute. Answers the group of the jobs that there are as soon as all are
    loaded: the core is first to be told of that, and to do something when containers are started.
    """
    from tutor import hooks
    from tutor.commands import compose, dev, jobs, local

    compose.stop_others(local.LocalTaskRunner)
    compose.stop_others(dev.DevTaskRunner)
    core = tuple(request.get("core", ()))
    epilog = "Jobs of Tutor's core (%s) are not built yet." % ", ".join(core)
    group = jobs.DoGroup("do", epilog=epilog, **HELP)
    group.core = core

    @hooks.Actions.PLUGINS_LOADED.add()
    def _loaded():
        for at, found in enumerate(hooks.Filters.CLI_DO_COMMANDS.iterate()):
            command.check(found, "CLI_DO_COMMANDS", str(at))
        jobs.patch_callbacks()
        jobs.add_job_commands(group)

    for member in request["members"]:
        if "filters" in member:
            contributed.contribute(member)
        else:
            member.pop("seed", None)
            v1.name_single(member)
            v1.enter(None, member)
    hooks.Actions.PLUGINS_LOADED.do()
    return group


def on_terminal(request, group):
    """Has click do it."""
    import importlib

    import click
    from tutor.commands.context import Context
    from tutor.exceptions import TutorError

    platform, root, args = request["platform"], request.get("root", ""), list(request.get("args", ()))
    commands = getattr(importlib.import_module("tutor.commands." + platform), platform)
    commands.add_command(group)
    sys.argv[:] = ["tutor", platform] + args
    outer = click.Context(click.Group("tutor"), info_name="tutor", obj=Context(root), **HELP["context_settings"])
    try:
        commands.main(args=args, prog_name=platform, parent=outer)
    except TutorError as error:
        from tutor import fmt

        fmt.echo_error("Error: %s" % error)
        return 1
    except SystemExit as error:
        return command.status_of(error.code)
    return 0


def nearest(error, plugins):
    """The plugin that the innermost frame of its own is of."""
    found, trace = None, error.__traceback__
    while trace is not None:
        code, scope = trace.tb_frame.f_code, trace.tb_frame.f_globals
        top = str(scope.get("__name__")).partition(".")[0]
        for plugin in plugins:
            file = plugin.get("file")
            if code.co_filename == file if file else top == str(plugin.get("module")).partition(".")[0]:
                found = plugin
        trace = trace.tb_next
    return found
