//! What there is to say where a job is not there, or not yet.

use super::Project;

const NO_PLUGINS: &str = "-- config.yml --\n@secrets@\nPLUGINS: []\n";

#[test]
fn the_help_lists_jobs_of_plugins_and_says_what_is_missing() {
    let project = Project::new();
    for (args, status) in [(&["local", "do", "--help"][..], 0), (&["k8s", "do"], 2)] {
        let answer = project.ours(args, &[]).answer;
        assert_eq!(answer.status, status);
        let told = (answer.stdout + &answer.stderr).replace("\n  ", " ");
        for part in [
            "greet        ",
            "Greets people",
            "by-a-function",
            "createuser",
            "not built yet",
        ] {
            assert!(told.contains(part), "no {part:?} in:\n{told}");
        }
        assert!(!told.contains("hidden"), "{told}");
    }
}

#[test]
fn a_job_of_the_core_says_that_it_is_not_built_yet() {
    for project in [Project::new(), Project::of(NO_PLUGINS)] {
        for args in [
            &["init", "--limit=x"][..],
            &["createuser", "--staff", "a", "a@b.c"],
            &["sqlshell", "--help"],
        ] {
            let ran = project.ours(&[&["local", "do"], args].concat(), &[]);
            assert_eq!(ran.answer.status, 1, "{ran:#?}");
            assert!(ran.answer.stderr.contains(args[0]), "{ran:#?}");
            assert!(ran.answer.stderr.contains("not built yet"), "{ran:#?}");
            assert_eq!(ran.calls, "");
        }
    }
}

#[test]
fn without_plugins_there_is_help_and_an_unknown_job_is_told() {
    let project = Project::of(NO_PLUGINS);
    let told = project.both(&["local", "do", "greet"], &[]).answer;
    assert_eq!(told.status, 2);
    assert!(
        told.stderr.contains("No such command 'greet'"),
        "{}",
        told.stderr
    );
    let near = project.ours(&["local", "do", "createusr"], &[]).answer;
    assert!(
        near.stderr.contains("did you mean 'createuser'?"),
        "{}",
        near.stderr
    );
    let help = project.ours(&["local", "do", "--help"], &[]).answer;
    assert_eq!(help.status, 0);
    for part in [
        "tutor local do [OPTIONS] JOB [ARGS]...",
        "No plugin that is enabled has jobs",
        "init",
    ] {
        assert!(help.stdout.contains(part), "{}", help.stdout);
    }
    assert_eq!(project.ours(&["local", "do"], &[]).answer.status, 2);
}

#[test]
fn in_kubernetes_no_task_is_run_yet_and_that_is_said() {
    let project = Project::new();
    let ran = project.ours(&["k8s", "do", "greet"], &[]);
    assert_eq!(ran.answer.status, 1);
    assert_eq!(ran.calls, "");
    assert!(
        ran.answer
            .stderr
            .contains("cannot be run in Kubernetes yet"),
        "{ran:#?}"
    );
}

#[test]
fn an_environment_of_another_version_is_pointed_out() {
    let project = Project::new();
    std::fs::write(project.path("root/env/version"), "20.0.1").unwrap();
    let ran = project.both(&["local", "do", "tells"], &[]);
    assert!(ran.answer.stderr.contains("20.0.1"), "{ran:#?}");
}

#[test]
fn other_commands_say_that_they_are_not_there() {
    let project = Project::of(NO_PLUGINS);
    let answer = project.ours(&["dev", "start", "-d"], &[]).answer;
    assert_eq!(answer.status, 2);
    for part in ["`tutor dev start`", "only `do` is built so far"] {
        assert!(answer.stderr.contains(part), "{}", answer.stderr);
    }
}
