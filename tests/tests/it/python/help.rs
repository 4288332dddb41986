//! Which commands there are: in the plugin's help, and in ours.

use super::commands::snake;

#[test]
fn help_is_that_of_the_command() {
    let snake = snake();
    let help = snake.works(&["p", "--help"]).stdout;
    for told in [
        "Usage: tutor p [OPTIONS] COMMAND [ARGS]...",
        "Does things.",
        "And more.",
        "say",
        "Says it",
        "show",
        "Shows the settings",
    ] {
        assert!(help.contains(told), "{told}: {help}");
    }
    let help = snake.works(&["p", "say", "--help"]).stdout;
    assert!(
        help.contains("Usage: tutor p say [OPTIONS] [WORDS]..."),
        "{help}"
    );
    assert!(help.contains("[default: 1]"), "{help}");
}

/// As in Tutor, whose own commands hand that down.
#[test]
fn help_has_its_short_option_too() {
    let snake = snake();
    for (short, long) in [
        (&["p", "-h"][..], &["p", "--help"][..]),
        (&["p", "say", "-h"], &["p", "say", "--help"]),
    ] {
        let help = snake.works(short).stdout;
        assert!(help.contains("-h, --help"), "{help}");
        assert_eq!(help, snake.works(long).stdout);
    }
}

#[test]
fn commands_are_listed_in_our_help_without_python() {
    let snake = snake();
    let help = snake.without_python(&["--help"]).stdout;
    let mut lines = help.lines().map(str::trim);
    let line = lines
        .find(|line| line.starts_with("p "))
        .unwrap_or_else(|| panic!("{help}"));
    assert!(line.ends_with("Does things."), "{line}");
    assert!(
        !help.lines().any(|line| line.trim().starts_with("q ")),
        "{help}"
    );
    // Ours are still there, and a disabled plugin's are not.
    assert!(help.contains("config"), "{help}");
    snake.works(&["plugins", "disable", "p"]);
    let help = snake.without_python(&["--help"]).stdout;
    assert!(!help.contains("Does things."), "{help}");
}

#[test]
fn a_plugin_that_is_not_enabled_or_has_no_command_has_none() {
    let snake = snake();
    let answer = snake.tutor(&["q"]);
    assert_eq!(answer.status, 2, "{}", answer.stderr);
    assert!(answer.stderr.contains("'q'"), "{}", answer.stderr);
    snake.works(&["plugins", "disable", "p"]);
    let answer = snake.tutor(&["p", "show"]);
    assert_eq!(answer.status, 2, "{}", answer.stderr);
    assert!(answer.stderr.contains("'p'"), "{}", answer.stderr);
    assert_eq!(snake.tutor(&["nosuch"]).status, 2);
}
