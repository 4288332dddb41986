//! What a plugin's command has of the terminal: input, the terminal itself, Ctrl-C.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use tests::era::Plain;

use super::snake::Snake;

const MODULE: &str = "\
import os, sys, time
import click

@click.group()
def command():
    pass

@command.command()
def upper():
    click.echo(sys.stdin.read().upper())

@command.command()
def ask():
    click.echo('hello ' + click.prompt('Who'))

@command.command()
def where():
    click.echo('%s %s %s' % tuple(os.isatty(n) for n in range(3)))

@command.command()
def wait():
    try:
        print('waiting', flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        print('interrupted', flush=True)
        sys.exit(42)

@command.command()
def sleep():
    print('waiting', flush=True)
    time.sleep(60)

@command.command()
def many():
    for number in range(100000):
        print(number)
";

fn snake() -> Snake {
    let snake = Snake::of("p", MODULE);
    snake.saves_well();
    snake
}

fn with_input(snake: &Snake, args: &[&str], input: &str) -> (Option<i32>, String) {
    let mut child = snake
        .command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn standard_input_is_passed_on() {
    let snake = snake();
    assert_eq!(
        with_input(&snake, &["p", "upper"], "some\nlines"),
        (Some(0), "SOME\nLINES\n".to_owned())
    );
    let (status, said) = with_input(&snake, &["p", "ask"], "me\n");
    assert_eq!(status, Some(0));
    assert!(said.ends_with("hello me\n"), "{said}");
}

#[test]
fn a_command_sees_whether_there_is_a_terminal() {
    let snake = snake();
    assert_eq!(snake.works(&["p", "where"]).stdout, "False False False\n");
    let python = &Plain::get().unwrap().base;
    let script =
        "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let wrapper = [python.to_str().unwrap(), "-c", script];
    let answer = snake.finish(snake.wrapped(&wrapper, &["p", "where"]));
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(
        answer.stdout.contains("True True True"),
        "{}",
        answer.stdout
    );
}

/// Runs a command in a process group of its own, and sends Ctrl-C to all of it once it waits.
fn interrupted(snake: &Snake, args: &[&str]) -> (Option<i32>, String) {
    let mut command = snake.command(args);
    command.process_group(0).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "waiting\n");
    let kill = format!("kill -INT -{}", child.id());
    let status = Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(status.success());
    let mut rest = String::new();
    while out.read_line(&mut rest).unwrap() > 0 {}
    (child.wait().unwrap().code(), rest)
}

#[test]
fn a_command_can_handle_ctrl_c_itself() {
    let (status, rest) = interrupted(&snake(), &["p", "wait"]);
    assert_eq!((status, rest.as_str()), (Some(42), "interrupted\n"));
}

#[test]
fn ctrl_c_ends_a_command_that_does_not_handle_it_as_click_does() {
    let (status, rest) = interrupted(&snake(), &["p", "sleep"]);
    assert_eq!((status, rest.as_str()), (Some(1), ""));
}

#[test]
fn a_broken_pipe_ends_a_command_without_an_alert() {
    let snake = snake();
    let script = "{ \"$@\" | head -n 2; } 2>&1";
    let command = snake.wrapped(&["bash", "-c", script, "sh"], &["p", "many"]);
    let answer = snake.finish(command);
    let lines: Vec<&str> = answer.stdout.lines().collect();
    assert!(lines.contains(&"0"), "{lines:?}");
    for wrong in ["Warning:", "Error:", "Traceback", "plugin 'p'"] {
        assert!(!answer.stdout.contains(wrong), "{}", answer.stdout);
    }
}
