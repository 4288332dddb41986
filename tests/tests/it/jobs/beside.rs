//! The same calls as real Tutor's.

use super::Project;

/// Whether the same is called is seen by what was called; whether anything was called at all has to be seen as well.
fn calls(project: &Project, args: &[&str]) -> String {
    let ran = project.both(args, &[]);
    assert!(ran.calls.contains("| run"), "{ran:#?}");
    ran.calls
}

#[test]
fn jobs_run_their_tasks_as_in_real_tutor() {
    let project = Project::new();
    for platform in ["local", "dev"] {
        let greeted = calls(
            &project,
            &[platform, "do", "greet", "-n", "me", "a", "b c", ""],
        );
        assert!(
            greeted.contains("| echo hello me local.openedx.io 'a|b c|' False\n"),
            "{greeted}"
        );
        assert!(
            greeted.contains("| echo more of local.openedx.io\n"),
            "{greeted}"
        );
        assert!(
            greeted.contains("| patched studio.local.openedx.io computed 42\n"),
            "{greeted}"
        );
        calls(&project, &[platform, "do", "itself"]);
    }
    calls(
        &project,
        &[
            "local", "do", "greet", "--loud", "-t", "a", "--tag=b", "--", "--name", "-x",
        ],
    );
    calls(&project, &["local", "do", "tells"]);
    calls(
        &project,
        &[
            "local",
            "do",
            "passes",
            "-v",
            "--strict",
            "--settings=x",
            "y",
        ],
    );
    calls(&project, &["local", "do", "settheme"]);
    calls(&project, &["local", "do", "family"]);
    calls(&project, &["local", "do", "family", "child"]);
}

#[test]
fn jobs_of_several_plugins_are_there_as_in_real_tutor() {
    let project = Project::new();
    for (job, told) in [
        ("greet-again", "of two of one name, ours"),
        ("by-a-function", "by a function"),
        ("when-all-are-loaded", "when all are loaded"),
    ] {
        let called = calls(&project, &["local", "do", job]);
        assert!(called.contains(told), "{job}: {called}");
    }
    for job in ["too-late", "made-each-time"] {
        let ran = project.both(&["local", "do", job], &[]);
        assert_eq!(ran.calls, "", "{ran:#?}");
    }
}

#[test]
fn jobs_end_as_in_real_tutor() {
    let project = Project::new();
    for (job, status) in [
        ("three-tasks", 1),
        ("killed", 0),
        ("raises", 1),
        ("refuses", 1),
        ("leaves", 4),
        ("misused", 2),
        ("ends", 9),
        ("unknown-setting", 1),
        ("nothing", 0),
        ("none", 1),
        ("number", 1),
        ("short", 1),
        ("no-script", 1),
        ("hidden", 1),
    ] {
        let ran = project.both(&["local", "do", job], &[]);
        assert_eq!(ran.answer.status, status, "{job}: {ran:#?}");
        assert!(!ran.calls.contains("never"), "{ran:#?}");
    }
}

#[test]
fn what_went_wrong_is_told() {
    let project = Project::new();
    let told = |job: &str| project.ours(&["local", "do", job], &[]).answer.stderr;
    for (job, parts) in [
        ("three-tasks", &["status 7", "fail with 7"][..]),
        (
            "raises",
            &[
                "job 'raises'",
                "ValueError: on purpose",
                "plugins/ours.py",
                "plugin 'ours'",
            ],
        ),
        (
            "hidden",
            &[
                "ValueError: not this one",
                "plugins/others.py",
                "plugin 'others'",
            ],
        ),
        ("refuses", &["Error: not today"]),
        ("unknown-setting", &["JOBS_NOTHING"]),
        ("none", &["job 'none'", "a service and a script"]),
        ("number", &["job 'number'", "a service and a script", "int"]),
        ("short", &["a service and a script"]),
        ("no-script", &["a script for the service 'lms'", "int"]),
    ] {
        let told = told(job);
        for part in parts {
            assert!(told.contains(part), "{job}: no {part:?} in:\n{told}");
        }
        assert!(!told.contains("Traceback"), "{job}: {told}");
    }
}

#[test]
fn wrong_usage_and_help_of_a_job_are_those_of_click() {
    let project = Project::new();
    for args in [
        &["local", "do", "greet", "--help"][..],
        &["dev", "do", "greet", "-h"],
        &["k8s", "do", "passes", "--help"],
        &["local", "do", "greet", "--nope"],
        &["local", "do", "greet", "-t", "c"],
        &["local", "do", "family", "nobody"],
        &["local", "do", "grete"],
        &["local", "do", "nope"],
    ] {
        let ran = project.both(args, &[]);
        assert_eq!(ran.calls, "", "{ran:#?}");
    }
}

#[test]
fn the_other_project_is_stopped_if_it_is_running() {
    let project = Project::new();
    for (platform, running, is_stopped) in [
        ("local", "tutor_dev", true),
        ("dev", "tutor_local", true),
        ("local", "tutor_local", false),
        ("local", "another", false),
    ] {
        let known = format!("[{{\"Name\": \"{running}\", \"Status\": \"running(3)\"}}]");
        let ran = project.both(&[platform, "do", "tells"], &[("FAKE_LS", &known)]);
        assert_eq!(ran.calls.contains("| stop\n"), is_stopped, "{ran:#?}");
    }
}

#[test]
fn names_of_projects_and_files_of_the_user_count() {
    let project = Project::new();
    for name in [
        "docker-compose.override.yml",
        "docker-compose.jobs.override.yml",
        "docker-compose.prod.override.yml",
    ] {
        for folder in ["local", "dev"] {
            std::fs::write(project.path("root/env").join(folder).join(name), "").unwrap();
        }
    }
    let named = [
        ("TUTOR_LOCAL_PROJECT_NAME", "one"),
        ("TUTOR_DEV_PROJECT_NAME", "other"),
    ];
    for platform in ["local", "dev"] {
        let ran = project.both(&[platform, "do", "itself"], &named);
        assert!(ran.calls.contains("override.yml"), "{ran:#?}");
    }
    std::fs::remove_dir_all(project.path("root/env")).unwrap();
    project.both(&["local", "do", "tells"], &[]);
}

/// Commands that a plugin adds to the groups of the core, beside `do`.
const ADDED: &str = r#"-- config.yml --
@secrets@
PLUGINS: [added]
-- plugins/added.py --
import click
from tutor.commands.compose import BaseComposeContext
from tutor.commands.dev import dev
from tutor.commands.jobs import do_callback
from tutor.commands.k8s import K8sContext, k8s
from tutor.commands.local import LocalContext, local


@click.command(help="Greets somebody", context_settings={"ignore_unknown_options": True})
@click.option("-n", "--name", default="you")
@click.argument("rest", nargs=-1)
@click.pass_obj
def greet(context, name, rest):
    click.echo("%s %s" % (name, rest))
    click.echo("%s %s" % (isinstance(context, BaseComposeContext), isinstance(context, LocalContext)))
    do_callback([("lms", "echo {{ LMS_HOST }} %s" % name)])


local.add_command(greet)
dev.add_command(greet)


@k8s.command(name="tells")
@click.pass_context
def tells(context):
    click.echo("%s %s" % (isinstance(context.obj, K8sContext), context.command_path))
    raise SystemExit(5)
"#;

#[test]
fn commands_that_plugins_add_to_those_of_the_core_run_as_in_real_tutor() {
    let project = Project::of(ADDED);
    for platform in ["local", "dev"] {
        let greeted = calls(&project, &[platform, "greet", "-n", "me", "a", "--b"]);
        assert!(greeted.contains("| echo "), "{greeted}");
        project.both(&[platform, "greet", "--help"], &[]);
    }
    assert_eq!(project.both(&["k8s", "tells"], &[]).answer.status, 5);
    let missing = project.ours(&["local", "greeet"], &[]).answer;
    assert_eq!(missing.status, 2);
    assert!(
        missing.stderr.contains(
            "No such command 'greeet'. Of `tutor local`, these are built so far: `do`, `greet`"
        ),
        "{}",
        missing.stderr
    );
}
