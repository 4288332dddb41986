//! Commands of the real plugins: the same help, the same words about wrong usage, the same exit status.

use tests::era::Era;
use tests::oracle::Answer;

use super::saves::Project;

/// Of `xqueue`, the one plugin of API v0 that has commands.
const OF_XQUEUE: [&[&str]; 8] = [
    &["xqueue", "--help"],
    &["xqueue", "submissions", "--help"],
    &["xqueue", "submissions", "grade", "--help"],
    &["xqueue", "submissions", "nothing"],
    &["xqueue", "submissions", "--nothing"],
    &["xqueue", "submissions", "grade", "1"],
    &["xqueue", "submissions", "grade", "1", "2", "x", "y", "z"],
    &["xqueue", "submissions", "-u", "http://127.0.0.1:1", "count"],
];

/// Of `webui`, which has two.
const OF_WEBUI: [&[&str]; 3] = [
    &["webui", "--help"],
    &["webui", "start", "--help"],
    &["shell", "--help"],
];

fn are_the_same(plugin: &'static str, commands: &[&[&str]]) {
    let era = Era::get().unwrap();
    let both = Project::of(&[plugin]).both(era, commands).unwrap();
    let mut told = String::new();
    for (args, [real, ours]) in commands.iter().zip(&both) {
        if said(real) != said(ours) {
            told.push_str(&format!("\n{args:?}\n{:#?}\n{:#?}", said(real), said(ours)));
        }
    }
    assert!(told.is_empty(), "{told}");
}

/// Status, standard output, and how it was used wrongly. What an exception looks like is not to be the same, and the
/// option for help has a short form (`-h`) since a later Tutor.
fn said(answer: &Answer) -> (i32, Vec<&str>, Vec<&str>) {
    let is_usage = answer.status == 2;
    let usage =
        |line: &&str| is_usage && (line.starts_with("Usage:") || line.starts_with("Error: "));
    let is_help = |line: &&str| line.ends_with("Show this message and exit.");
    (
        answer.status,
        answer
            .stdout
            .lines()
            .filter(|line| !is_help(line))
            .collect(),
        answer.stderr.lines().filter(usage).collect(),
    )
}

#[test]
fn commands_of_a_v0_plugin_are_the_same() {
    are_the_same("xqueue", &OF_XQUEUE);
}

#[test]
fn commands_of_a_v1_plugin_are_the_same() {
    are_the_same("webui", &OF_WEBUI);
}
