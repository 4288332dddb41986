"""Another plugin, which has jobs in less usual ways, and looks at those of others."""
import click
from tutor import hooks


@click.command(name="greet-again")
def again():
    yield "cms", "of two of one name, others"


@click.command(name="by-a-function")
def by_function():
    yield "lms", "by a function"


@click.command(name="when-all-are-loaded")
def early():
    yield "lms", "when all are loaded"


@click.command(name="too-late")
def late():
    yield "lms", "too late"


hooks.Filters.CLI_DO_COMMANDS.add_item(again)


@hooks.Filters.CLI_DO_COMMANDS.add()
def _more(commands):
    return commands + [by_function]


@hooks.Filters.CLI_DO_COMMANDS.add()
def _another_one_each_time(commands):
    @click.command(name="made-each-time")
    def made():
        click.echo("its tasks are not even asked for")
        return [("lms", "x")]

    return commands + [made]


@hooks.Actions.PLUGINS_LOADED.add(priority=hooks.priorities.HIGH)
def _loading():
    hooks.Filters.CLI_DO_COMMANDS.add_item(early)


@hooks.Actions.PLUGINS_LOADED.add()
def _loaded():
    hooks.Filters.CLI_DO_COMMANDS.add_item(late)


@hooks.Actions.DO_JOB.add(priority=hooks.priorities.HIGH)
def _first(job, *args, **kwargs):
    click.echo("first of all: " + job)
    if job == "hidden":
        raise ValueError("not this one")


@hooks.Actions.DO_JOB.add(priority=hooks.priorities.LOW)
def _last(job, *args, **kwargs):
    click.echo("last of all: " + job)
