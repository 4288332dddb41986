"""Jobs, that is `tutor local do …`: those of plugins. A job is a click command that comes to tasks."""
import difflib
import functools
import typing as t

import click

from tutor import config as tutor_config
from tutor import env, exceptions, fmt, hooks
from tutor.__about__ import __version__
from tutor.commands import _installed


class DoGroup(click.Group):
    """Jobs that plugins add. Of one name, the last one counts."""

    core: t.Sequence[str] = ()

    def get_command(self, ctx: click.Context, cmd_name: str) -> t.Optional[click.Command]:
        found = super().get_command(ctx, cmd_name)
        if found is None and cmd_name in self.core:
            return _not_built(cmd_name)
        return found

    def resolve_command(self, ctx: click.Context, args: t.List[str]) -> t.Any:
        name = args[0]
        if self.get_command(ctx, name) is None and name[:1].isalnum():
            message = "No such command '%s'." % name
            near = difflib.get_close_matches(name, [*self.list_commands(ctx), *self.core], 1)
            ctx.fail(message + (" Did you mean '%s'?" % near[0] if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        shown = [(name, command) for name, command in found if command is not None and not command.hidden]
        room = formatter.width - 6 - max([len(name) for name, _ in shown], default=0)
        with formatter.section("Jobs"):
            if shown:
                formatter.write_dl([(name, command.get_short_help_str(room)) for name, command in shown])
            else:
                formatter.write_text("no plugin that is enabled has any")


def _not_built(name: str) -> click.Command:
    """A job that says that it is not there, whatever it is given."""

    def refuse() -> None:
        raise exceptions.TutorError("'%s' is a job of Tutor's core, and is not built yet: only jobs of plugins are" % name)

    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(name, callback=refuse, add_help_option=False, context_settings=settings)


def patch_callbacks() -> None:
    """Makes all jobs tell of themselves, and run the tasks that they come to."""
    for command in hooks.Filters.CLI_DO_COMMANDS.iterate():
        command.callback = _running(command.name, command.callback)


def add_job_commands(do_command_group: click.Group) -> None:
    """Adds all jobs."""
    for command in hooks.Filters.CLI_DO_COMMANDS.iterate():
        do_command_group.add_command(command)


def _running(name: str, callback: t.Any) -> t.Any:
    @functools.wraps(callback)
    def run(*args: t.Any, **kwargs: t.Any) -> None:
        hooks.Actions.DO_JOB.do(name, *args, **kwargs)
        do_callback(callback(*args, **kwargs))

    return run


def do_callback(service_commands: t.Iterable[t.Tuple[str, str]]) -> None:
    """Runs tasks, one after the other, each before the next one is made."""
    context = click.get_current_context().obj
    config = tutor_config.load(context.root)
    if not env.is_up_to_date(context.root):
        told = "The environment at %s is of version %s, and this is %s: run `tutor config save`"
        fmt.echo_alert(told % (env.base_dir(context.root), env.current_version(context.root), __version__))
    runner = context.job_runner(config)
    if not hasattr(service_commands, "__iter__"):
        raise _wrong("pairs of a service and a script", service_commands)
    for pair in service_commands:
        try:
            service, script = pair
        except (TypeError, ValueError):
            raise _wrong("pairs of a service and a script", pair) from None
        if not isinstance(script, str):
            raise _wrong("a script for the service '%s'" % (service,), script)
        runner.run_task_from_str(service, script)


def _wrong(wanted: str, found: t.Any) -> exceptions.TutorError:
    job = click.get_current_context().info_name
    return exceptions.TutorError("the job '%s' should come to %s, found %s" % (job, wanted, type(found).__name__))


__getattr__ = _installed.fallback(__name__)
