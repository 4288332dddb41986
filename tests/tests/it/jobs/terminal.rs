//! Input and terminal are those of the tasks.

use std::io::Write;
use std::process::{Command, Stdio};

use tests::binary;
use tests::oracle::Oracle;

use super::Project;

fn program(project: &Project, program: &std::path::Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(project.env());
    command.current_dir(project.path("host"));
    command
}

#[test]
fn a_task_reads_what_is_piped_in_and_runs_where_the_user_is() {
    let project = Project::new();
    let real = Oracle::get().unwrap().python().with_file_name("tutor");
    let calls = [real, binary::tutor().unwrap()].map(|path| {
        let _ = std::fs::remove_file(project.path("calls"));
        let mut child = program(&project, &path)
            .args(["local", "do", "tells"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(b"one\ntwo\n").unwrap();
        drop(input);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        let calls = std::fs::read_to_string(project.path("calls")).unwrap();
        (calls, String::from_utf8(output.stdout).unwrap())
    });
    let [real, ours] = calls;
    assert_eq!(real, ours);
    assert!(ours.0.contains("< one\n    < two\n"), "{}", ours.0);
    assert!(ours.1.contains("something on stdout"), "{}", ours.1);
}

#[test]
fn on_a_terminal_a_task_is_on_it_as_well() {
    let project = Project::new();
    let oracle = Oracle::get().unwrap();
    let real = oracle.python().with_file_name("tutor");
    let script =
        "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let calls = [real, binary::tutor().unwrap()].map(|path| {
        let _ = std::fs::remove_file(project.path("calls"));
        let status = program(&project, &oracle.python())
            .args(["-c", script])
            .arg(path)
            .args(["local", "do", "three-tasks"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(1));
        std::fs::read_to_string(project.path("calls")).unwrap()
    });
    let [real, ours] = calls;
    assert_eq!(real, ours);
    assert!(ours.contains("on a terminal"), "{ours}");
    assert!(!ours.contains("| -T"), "{ours}");
}
