"""The groups of commands of where containers run: `tutor local …`. Plugins add commands to them. Of the core's there is
only `do`, which the host puts in.
"""
import typing as t

import click

from tutor.commands.context import Context


class PlatformGroup(click.Group):
    """Says which commands there are if one is none."""

    def resolve_command(self, ctx: click.Context, args: t.List[str]) -> t.Any:
        name = args[0]
        if self.get_command(ctx, name) is None and name[:1].isalnum():
            known = ", ".join("`%s`" % one for one in self.list_commands(ctx))
            ctx.fail("No such command '%s'. Of `%s`, these are built so far: %s" % (name, ctx.command_path, known))
        return super().resolve_command(ctx, args)


def group(name: str, kind: t.Type[Context], help_text: str) -> click.Group:
    """A group whose commands get a context of this kind."""

    @click.group(name, cls=PlatformGroup, help=help_text)
    @click.pass_context
    def run(context: click.Context) -> None:
        context.obj = kind(context.obj.root)

    return t.cast(click.Group, run)
