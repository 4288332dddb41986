"""Jobs of all kinds, in the ways that click and generators allow."""
import sys

import click
from tutor import config as tutor_config
from tutor import hooks
from tutor.exceptions import TutorError


@click.command(help="Greets people\n\nIn many words, with options of each kind.")
@click.option("-n", "--name", default="you", show_default=True, help="Whom to greet")
@click.option("--loud/--quiet", default=False)
@click.option("-t", "--tag", multiple=True, type=click.Choice(["a", "b"]))
@click.argument("words", nargs=-1)
def greet(name, loud, tag, words):
    yield "lms", "echo hello %s {{ LMS_HOST }} '%s' %s %s" % (name, "|".join(words), loud, ",".join(tag))
    yield ("cms", "\n  echo second {{ PLATFORM_NAME }}\necho more {{ JOBS_SETTING }}\n\n")
    yield ["mysql", "{{ patch('of-jobs') }} {{ jobs_function(2) }}"]


@click.command(name="three-tasks")
def three():
    """Runs three, of which the second one fails"""
    return [("lms", "first"), ("cms", "fail with 7"), ("lms", "never")]


@click.command()
def killed():
    return [("lms", "be killed"), ("lms", "say something")]


@click.command()
def tells():
    return {"lms": "say something"}.items()


@click.command()
def raises():
    yield "lms", "before"
    raise ValueError("on purpose")


@click.command()
def refuses():
    raise TutorError("not today")


@click.command()
@click.pass_context
def leaves(context):
    yield "lms", "before"
    context.exit(4)


@click.command()
def misused():
    raise click.UsageError("that is no way")


@click.command()
def ends():
    sys.exit(9)


@click.command()
def unknown_setting():
    yield "lms", "{{ JOBS_NOTHING }}"


@click.command(help="Runs its tasks itself, as jobs of old did")
@click.pass_obj
def itself(context):
    runner = context.job_runner(tutor_config.load(context.root))
    runner.run_task_from_str("lms", "\n from text {{ LMS_HOST }} \n")
    runner.run_task("lms", " as it is {{ LMS_HOST }} ")
    runner.run_task_from_template("lms", "jobs-template")
    runner.docker_compose("restart", "lms")
    click.echo("%s %s" % (runner.project_name, runner.is_running()))


@click.command()
def nothing():
    return []


@click.command()
def none():
    click.echo("done")


@click.command()
def number():
    return 3


@click.command()
def short():
    return [("lms",)]


@click.command()
def no_script():
    return [("lms", 5)]


@click.command(hidden=True)
@click.pass_context
def hidden(context):
    click.echo("%s in %s as %s" % (context.command_path, context.obj.root, type(context.obj).__name__))
    return []


@click.group(name="family", invoke_without_command=True)
def family():
    yield "lms", "of the family"


@family.command()
@click.pass_context
def child(context):
    click.echo(context.command_path)
    return [("lms", "is not run")]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def passes(args):
    yield "lms", "./manage.py " + " ".join(args)


@click.command(name="settheme")
def settheme():
    yield "lms", "a theme of ours"


@click.command(name="greet-again")
def again():
    yield "lms", "of two of one name, ours"


hooks.Filters.CLI_DO_COMMANDS.add_items([greet, three, killed, tells, raises, refuses, leaves, misused, ends])
hooks.Filters.CLI_DO_COMMANDS.add_items([unknown_setting, itself, nothing, none, number, short, no_script, hidden])
hooks.Filters.CLI_DO_COMMANDS.add_items([family, passes, settheme, again])
hooks.Filters.CONFIG_DEFAULTS.add_item(("JOBS_SETTING", "of {{ LMS_HOST }}"))
hooks.Filters.ENV_PATCHES.add_item(("of-jobs", "patched {{ CMS_HOST }}"))
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(("jobs_function", lambda number: "computed %d" % (number * 21)))
hooks.Filters.ENV_TEMPLATE_ROOTS.add_item("@world@/more-templates")


@hooks.Actions.DO_JOB.add()
def _job(job, *args, **kwargs):
    click.echo("job %r %r %r" % (job, args, sorted(kwargs.items())))


@hooks.Actions.COMPOSE_PROJECT_STARTED.add()
def _started(root, config, project):
    click.echo("started %s in %s for %s" % (project, root, config["LMS_HOST"]))
