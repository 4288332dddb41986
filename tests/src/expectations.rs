//! What is expected of a case's outcomes: of real Tutor's, of ours, of both.

use crate::case::{Case, Note, Run, Step};
use crate::compare::{self, Side};
use crate::oracle::Answer;
use crate::sandbox;
use crate::secrets::Drawn;
use crate::snapshot::Snapshot;

/// One command's outcome, with the root before and after it.
pub(crate) struct Outcome {
    pub(crate) answer: Answer,
    pub(crate) before: Snapshot,
    pub(crate) after: Snapshot,
}

fn runs(case: &Case) -> impl Iterator<Item = &Run> {
    case.steps.iter().filter_map(|step| match step {
        Step::Run(run) => Some(run),
        Step::Change(_) => None,
    })
}

pub(crate) fn skipped(case: &Case, path: &str) -> bool {
    case.expect.differs.iter().any(|pattern| {
        pattern
            .strip_suffix('*')
            .map_or(pattern == path, |prefix| path.starts_with(prefix))
    })
}

/// A case that says something about real Tutor must be right about it.
pub(crate) fn check_real(case: &Case, outcomes: &[Option<Outcome>], problems: &mut Vec<String>) {
    for (run, outcome) in runs(case).zip(outcomes) {
        let Some(outcome) = outcome else { continue };
        let status = outcome.answer.status;
        let free = run
            .notes
            .iter()
            .any(|n| matches!(n, Note::OursStatus(_) | Note::SameStatus));
        let wanted = run.notes.iter().find_map(|n| match n {
            Note::Status(s) | Note::RealStatus(s) => Some(*s),
            _ => None,
        });
        let wanted = wanted.or((!free).then_some(0));
        if wanted.is_some_and(|wanted| wanted != status) {
            problems.push(format!(
                "`{}`: real Tutor ended with {status}, the case says {wanted:?}\n{}",
                run.line,
                tail(&outcome.answer.stderr)
            ));
        }
    }
}

/// What must hold for every command of ours, and what the notes say.
pub(crate) fn check_ours(case: &Case, outcomes: &[Option<Outcome>], problems: &mut Vec<String>) {
    for (run, outcome) in runs(case).zip(outcomes) {
        let Some(outcome) = outcome else { continue };
        let Answer {
            status,
            stdout,
            stderr,
        } = &outcome.answer;
        let mut wrong = |what: String| problems.push(format!("`{}`: {what}", run.line));
        let wanted = run.notes.iter().find_map(|n| match n {
            Note::Status(s) | Note::OursStatus(s) => Some(*s),
            _ => None,
        });
        let wanted = wanted.or((!run.notes.contains(&Note::SameStatus)).then_some(0));
        if let Some(wanted) = wanted.filter(|wanted| wanted != status) {
            wrong(format!(
                "we ended with {status}, wanted {wanted}\n{}",
                tail(stderr)
            ));
        }
        for secret in sandbox::secrets().filter(|secret| stderr.contains(secret)) {
            wrong(format!("a secret is told: {secret}"));
        }
        if stderr.contains("panicked at") {
            wrong(format!("we panicked\n{}", tail(stderr)));
        }
        for note in &run.notes {
            match note {
                Note::StderrHas(text) if !stderr.contains(text) => {
                    wrong(format!("stderr lacks {text:?}\n{}", tail(stderr)));
                }
                Note::StderrLacks(text) if stderr.contains(text) => {
                    wrong(format!("stderr has {text:?}\n{}", tail(stderr)));
                }
                Note::StdoutHas(text) if !stdout.contains(text) => {
                    wrong(format!("stdout lacks {text:?}\n{}", tail(stdout)));
                }
                Note::StdoutLacks(text) if stdout.contains(text) => {
                    wrong(format!("stdout has {text:?}\n{}", tail(stdout)));
                }
                _ => {}
            }
        }
        // Disabling works even if what is left cannot be rendered: then that is what the status tells.
        let disables = run
            .args
            .starts_with(&["plugins".to_owned(), "disable".to_owned()]);
        let still =
            (*status != 0 && !disables) || reads_only(run) || run.notes.contains(&Note::Unchanged);
        if still {
            for change in compare::changes(&outcome.before, &outcome.after) {
                wrong(format!("status {status}, and yet {change}"));
            }
        }
        if let Some(problem) = compare::config_is_private(&outcome.before, &outcome.after) {
            wrong(problem);
        }
    }
}

fn reads_only(run: &Run) -> bool {
    let words: Vec<&str> = run.args.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["config", "printvalue" | "printroot" | "patches", ..]
            | ["plugins", "list" | "printroot", ..]
    )
}

/// Whether a command failed and left `config.yml` changed, as real Tutor does.
fn half_done(outcome: &Outcome) -> bool {
    let config = |root: &Snapshot| root.get("config.yml").map(|entry| entry.bytes.clone());
    outcome.answer.status != 0 && config(&outcome.before) != config(&outcome.after)
}

pub(crate) fn check_both(
    case: &Case,
    real: &[Option<Outcome>],
    ours: &[Option<Outcome>],
    problems: &mut Vec<String>,
) {
    for ((run, real), ours) in runs(case).zip(real).zip(ours) {
        let (Some(real), Some(ours)) = (real, ours) else {
            continue;
        };
        if real.answer.status != ours.answer.status {
            let works = ours.answer.status == 0 && run.notes.contains(&Note::OursMayWork);
            if run.notes.contains(&Note::SameStatus) && !works {
                problems.push(format!(
                    "`{}`: we ended with {}, real Tutor with {}\n{}{}",
                    run.line,
                    ours.answer.status,
                    real.answer.status,
                    tail(&ours.answer.stderr),
                    tail(&real.answer.stderr)
                ));
                return;
            }
            continue;
        }
        let before = problems.len();
        let differ = run.notes.contains(&Note::StdoutDiffers);
        if reads_only(run) && !differ && real.answer.stdout != ours.answer.stdout {
            problems.push(format!(
                "`{}`: stdout, {}",
                run.line,
                compare::first_difference(
                    real.answer.stdout.as_bytes(),
                    ours.answer.stdout.as_bytes()
                )
            ));
        }
        if half_done(real) || half_done(ours) {
            return; // From here on the two have different roots.
        }
        if real.answer.status != 0 || reads_only(run) || run.notes.contains(&Note::TreeDiffers) {
            continue;
        }
        let (a, complaints) = Drawn::from_root(&real.after, &case.expect.secrets);
        problems.extend(
            complaints
                .iter()
                .map(|c| format!("`{}`: real Tutor: {c}", run.line)),
        );
        let (b, complaints) = Drawn::from_root(&ours.after, &case.expect.secrets);
        problems.extend(complaints.iter().map(|c| format!("`{}`: {c}", run.line)));
        let mask = |side: Side, bytes: &[u8]| match side {
            Side::Real => a.mask(bytes),
            Side::Ours => b.mask(bytes),
        };
        let skip = |path: &str| skipped(case, path);
        for problem in compare::trees(&real.after, &ours.after, &mask, &skip) {
            problems.push(format!("`{}`: {problem}", run.line));
        }
        if problems.len() > before {
            return; // What follows from a difference says nothing new.
        }
    }
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.len().saturating_sub(6);
    let mut told = String::new();
    for line in &lines[first..] {
        told.push_str("      | ");
        told.push_str(line);
        told.push('\n');
    }
    told
}
