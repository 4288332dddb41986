//! `tutor NAME …`: a plugin's click command, run as if it were one of ours.

use tests::packages::Package;

use super::snake::{GOOD, Snake};

pub(super) const MODULE: &str = "\
import sys
import click
from tutor import config as tutor_config
from tutor.exceptions import TutorError

@click.group(help='Does things.\\n\\nAnd more.')
def command():
    pass

@command.command(help='Shows the settings')
@click.pass_obj
def show(context):
    config = tutor_config.load(context.root)
    click.echo('root ' + context.root)
    click.echo('host ' + config['LMS_HOST'])
    click.echo('own ' + config['P_OWN'])
    click.echo('secret %d' % len(config['P_SECRET']))
    click.echo('plugins %s' % config['PLUGINS'])

@command.command(help='Says it')
@click.argument('words', nargs=-1)
@click.option('-n', '--times', type=int, default=1, show_default=True, help='How often')
@click.option('--loud/--quiet', default=False)
def say(words, times, loud):
    for _ in range(times):
        text = '|'.join(words)
        click.echo(text.upper() if loud else text)

@command.command()
@click.argument('status', type=int)
def end(status):
    click.echo('so long', err=True)
    sys.exit(status)

@command.command()
def fail():
    raise TutorError('this is wrong')

@command.command()
def crash():
    return {}['nothing']

@command.command()
def shout():
    for line in sys.stdin:
        click.echo(line.strip().upper())

@command.command()
def folder():
    import os
    click.echo(os.getcwd())

config = {'defaults': {'OWN': 'of {{ LMS_HOST }}'}, 'add': {'SECRET': '{{ 12|random_string }}'}}
";

pub(super) fn snake() -> Snake {
    let snake = Snake::new(&["p", "q"]);
    snake.add(&Package::new("p", MODULE));
    snake.add(&Package::new("q", GOOD));
    snake.saves_well();
    snake
}

#[test]
fn a_command_gets_the_project_root_and_the_full_configuration() {
    let snake = snake();
    let said = snake.works(&["p", "show"]).stdout;
    let root = snake.path("root").canonicalize().unwrap();
    let expected = format!(
        "root {}\nhost local.openedx.io\nown of local.openedx.io\nsecret 12\nplugins ['p', 'q']\n",
        root.display()
    );
    assert_eq!(said, expected);
}

#[test]
fn a_command_is_run_in_another_root_if_one_is_given() {
    let snake = snake();
    let config = snake.read("root/config.yml");
    snake.put(
        "second/config.yml",
        &format!("LMS_HOST: second.example\n{config}"),
    );
    let said = snake.works(&["-r", "second", "p", "show"]).stdout;
    let root = snake.path("second").canonicalize().unwrap();
    assert!(
        said.starts_with(&format!("root {}\nhost second.example\n", root.display())),
        "{said}"
    );
}

#[test]
fn arguments_and_options_are_passed_on_as_they_are() {
    let snake = snake();
    let said = |args: &[&str]| snake.works(&[&["p", "say"], args].concat()).stdout;
    assert_eq!(said(&["a", "b c", "", "ü", "$HOME"]), "a|b c||ü|$HOME\n");
    assert_eq!(said(&["-n", "2", "x"]), "x\nx\n");
    assert_eq!(said(&["--times=3", "--loud", "x"]), "X\nX\nX\n");
    assert_eq!(
        said(&["--", "-n", "--help", "--strict", "-r"]),
        "-n|--help|--strict|-r\n"
    );
}

#[test]
fn the_exit_status_is_that_of_the_command() {
    let snake = snake();
    for status in ["0", "1", "3", "42"] {
        let answer = snake.tutor(&["p", "end", status]);
        assert_eq!(answer.status.to_string(), status);
        assert_eq!(answer.stdout, "");
        assert!(answer.stderr.contains("so long"), "{}", answer.stderr);
    }
}

#[test]
fn wrong_usage_is_told_by_click_with_status_2() {
    let snake = snake();
    for (args, told) in [
        (&["p", "say", "--nope"][..], "Usage: tutor p say [OPTIONS]"),
        (&["p", "say", "--nope"], "No such option '--nope'"),
        (&["p", "nope"], "Usage: tutor p [OPTIONS]"),
        (&["p", "nope"], "No such command 'nope'"),
        (&["p", "end", "x"], "'x' is not a valid integer"),
        (&["p", "say", "-n"], "Option '-n' requires an argument"),
    ] {
        let answer = snake.tutor(args);
        assert_eq!(answer.status, 2, "{args:?}: {}", answer.stderr);
        assert!(answer.stderr.contains(told), "{args:?}: {}", answer.stderr);
    }
}

#[test]
fn a_tutor_error_is_told_as_one() {
    let answer = snake().tutor(&["p", "fail"]);
    assert_eq!(answer.status, 1);
    assert!(
        answer.stderr.contains("Error: this is wrong"),
        "{}",
        answer.stderr
    );
    assert!(!answer.stderr.contains("Traceback"), "{}", answer.stderr);
}

#[test]
fn an_exception_is_told_with_the_plugin_and_its_line() {
    let answer = snake().tutor(&["p", "crash"]);
    assert_eq!(answer.status, 1);
    let line = MODULE
        .lines()
        .position(|l| l.contains("{}['nothing']"))
        .unwrap()
        + 2;
    for told in ["KeyError", "'p'", "p/plugin.py", &line.to_string()] {
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
    }
}

#[test]
fn a_command_that_is_no_group_is_run_by_the_name_of_the_plugin() {
    let module = "\
import click
@click.command(name='another', help='Alone')
@click.option('--word', envvar='P_WORD', default='none')
@click.pass_context
def command(ctx, word):
    click.echo(f'{ctx.command_path} {word} {ctx.obj.root}')
    ctx.exit(5)
";
    let snake = Snake::of("p", module);
    snake.saves_well();
    let mut command = snake.command(&["p"]);
    command.env("P_WORD", "from the environment");
    let answer = snake.finish(command);
    assert_eq!(answer.status, 5, "{}", answer.stderr);
    let root = snake.path("root").canonicalize().unwrap();
    let expected = format!("tutor p from the environment {}\n", root.display());
    assert_eq!(answer.stdout, expected);
}

#[test]
fn a_plugin_called_as_one_of_our_commands_does_not_take_its_place() {
    let module = "import click\n@click.command()\ndef command():\n    click.echo('hijacked')\n";
    let snake = Snake::new(&["config"]);
    snake.add(
        &Package::new("myconfig", module)
            .entry_points("[tutor.plugin.v0]\nconfig = myconfig.plugin\n"),
    );
    let answer = snake.save(&[]);
    assert!(!answer.stdout.contains("hijacked"), "{}", answer.stdout);
    assert!(
        answer.stdout.contains("Environment generated"),
        "{}",
        answer.stdout
    );
}

#[test]
fn a_command_needs_a_saved_configuration_to_load_it() {
    let snake = Snake::with(&["p"], "");
    snake.add(&Package::new("p", MODULE));
    std::fs::remove_file(snake.path("root/config.yml")).unwrap();
    snake.put("root/config.yml", "PLUGINS: [p]\n");
    // Not saved yet, and yet there is a file: what is missing in it is worked out.
    let answer = snake.tutor(&["p", "show"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(
        answer.stdout.contains("host local.openedx.io"),
        "{}",
        answer.stdout
    );
}

#[test]
fn a_command_runs_in_the_working_folder_of_the_user() {
    let snake = snake();
    let mut command = snake.command(&["p", "folder"]);
    command.current_dir(snake.path("host"));
    let answer = snake.finish(command);
    assert_eq!(
        answer.stdout.trim_end(),
        snake
            .path("host")
            .canonicalize()
            .unwrap()
            .display()
            .to_string()
    );
}
