//! Runs a case in both programs and says what is not as it should be.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::binary;
use crate::case::{Case, Flag, Note, Run, Step};
use crate::compare::{self, Side};
use crate::oracle::{Answer, Oracle};
use crate::sandbox::{self, Sandbox};
use crate::secrets::Drawn;
use crate::snapshot::{self, Snapshot};

/// Set this to stop after real Tutor's part: are the cases themselves sound?
pub const REAL_ONLY_VARIABLE: &str = "TUTOR_TEST_REAL_ONLY";

/// One command's outcome, with the root before and after it.
struct Outcome {
    answer: Answer,
    before: Snapshot,
    after: Snapshot,
}

/// Everything that is wrong with one case; empty when all is well.
pub fn problems(case: &Case) -> Vec<String> {
    let folder = match tempfile::Builder::new().prefix("tutor-case-").tempdir() {
        Ok(folder) => folder,
        Err(e) => return vec![format!("no temporary folder: {e}")],
    };
    problems_in(case, folder.path()).unwrap_or_else(|e| vec![e])
}

fn problems_in(case: &Case, folder: &Path) -> Result<Vec<String>, String> {
    let oracle = Oracle::get()?;
    let world = folder.join("x");
    let mut problems = Vec::new();

    let mut real = None;
    if !case.expect.has(Flag::OursOnly) {
        let sandbox = Sandbox::create(case, world.clone(), oracle.templates())?;
        let outcomes = play(case, &sandbox, false, &|request| {
            if case.expect.has(Flag::Plainly) {
                oracle.run_plainly(request)
            } else {
                oracle.run(request)
            }
        })?;
        check_real(case, &outcomes, &mut problems);
        let adopted = adopt(case, &sandbox, None, &|request| oracle.run(request))?;
        retire(&world, "real")?;
        real = Some((outcomes, adopted));
    }
    if std::env::var_os(REAL_ONLY_VARIABLE).is_some() {
        return Ok(problems);
    }

    let binary = binary::tutor()?;
    let sandbox = Sandbox::create(case, world.clone(), oracle.templates())?;
    let ours = play(case, &sandbox, true, &|request| {
        sandbox.run_ours(&binary, request)
    })?;
    check_ours(case, &ours, &mut problems);
    if let Some((real, adopted)) = real {
        check_both(case, &real, &ours, &mut problems);
        if let Some((config, wanted)) = adopted {
            let found = adopt(case, &sandbox, Some(&config), &|request| {
                sandbox.run_ours(&binary, request)
            })?;
            if let Some((_, found)) = found {
                let skip = |path: &str| skipped(case, path);
                for problem in compare::trees(&wanted, &found, &|_, b| b.to_vec(), &skip) {
                    problems.push(format!("with real Tutor's secrets: {problem}"));
                }
            }
        }
    }
    retire(&world, "ours")?;
    Ok(problems)
}

/// Whether a fork of the driver does what a process of its own does: the
/// problems that real Tutor has with being compared to itself.
pub fn driver_problems(case: &Case) -> Result<Vec<String>, String> {
    let oracle = Oracle::get()?;
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    let world = folder.path().join("x");
    let mut problems = Vec::new();
    let sandbox = Sandbox::create(case, world.clone(), oracle.templates())?;
    let plain = play(case, &sandbox, false, &|request| {
        oracle.run_plainly(request)
    })?;
    retire(&world, "plain")?;
    let sandbox = Sandbox::create(case, world.clone(), oracle.templates())?;
    let forked = play(case, &sandbox, false, &|request| oracle.run(request))?;
    retire(&world, "forked")?;
    for (a, b) in plain.iter().flatten().zip(forked.iter().flatten()) {
        if (a.answer.status, &a.answer.stdout) != (b.answer.status, &b.answer.stdout) {
            problems.push(format!("{:?} became {:?}", a.answer, b.answer));
        }
    }
    check_both(case, &plain, &forked, &mut problems);
    Ok(problems)
}

fn retire(world: &Path, name: &str) -> Result<(), String> {
    fs::rename(world, world.with_file_name(name)).map_err(|e| format!("{}: {e}", world.display()))
}

type Runner<'a> = dyn Fn(&crate::oracle::Request) -> Result<Answer, String> + 'a;

/// Plays all steps; `None` for a command that this side does not run.
fn play(
    case: &Case,
    sandbox: &Sandbox,
    ours: bool,
    run_it: &Runner<'_>,
) -> Result<Vec<Option<Outcome>>, String> {
    let mut outcomes = Vec::new();
    for step in &case.steps {
        match step {
            Step::Change(words) => sandbox.change(words)?,
            Step::Run(run) if !ours && run.notes.contains(&Note::OursOnly) => outcomes.push(None),
            Step::Run(run) => {
                let before = snapshot::take_root(&sandbox.root())?;
                let answer = run_it(&sandbox.request(case, run))?;
                outcomes.push(Some(Outcome {
                    answer,
                    before,
                    after: snapshot::take_root(&sandbox.root())?,
                }));
            }
        }
    }
    Ok(outcomes)
}

/// Where secrets were drawn, both continue from real Tutor's `config.yml`, and
/// then nothing may differ. Returns that file and the tree after another save.
fn adopt(
    case: &Case,
    sandbox: &Sandbox,
    config: Option<&[u8]>,
    run_it: &Runner<'_>,
) -> Result<Option<(Vec<u8>, Snapshot)>, String> {
    if case.expect.secrets.is_empty() {
        return Ok(None);
    }
    let path = sandbox.root().join("config.yml");
    let describe = |e: std::io::Error| format!("{}: {e}", path.display());
    if let Some(config) = config {
        fs::write(&path, config).map_err(describe)?;
    }
    let config = fs::read(&path).map_err(describe)?;
    let save = Run {
        args: vec!["config".into(), "save".into()],
        ..Run::default()
    };
    run_it(&sandbox.request(case, &save))?;
    Ok(Some((config, snapshot::take_root(&sandbox.root())?)))
}

fn runs(case: &Case) -> impl Iterator<Item = &Run> {
    case.steps.iter().filter_map(|step| match step {
        Step::Run(run) => Some(run),
        Step::Change(_) => None,
    })
}

fn skipped(case: &Case, path: &str) -> bool {
    case.expect.differs.iter().any(|pattern| {
        pattern
            .strip_suffix('*')
            .map_or(pattern == path, |prefix| path.starts_with(prefix))
    })
}

/// A case that says something about real Tutor must be right about it.
fn check_real(case: &Case, outcomes: &[Option<Outcome>], problems: &mut Vec<String>) {
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
fn check_ours(case: &Case, outcomes: &[Option<Outcome>], problems: &mut Vec<String>) {
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
        for secret in sandbox::secrets().filter(|s| stderr.contains(s) || stdout.contains(s)) {
            if !reads_only(run) {
                wrong(format!("a secret is told: {secret}"));
            }
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
        let still = *status != 0 || reads_only(run) || run.notes.contains(&Note::Unchanged);
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

fn check_both(
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
            if run.notes.contains(&Note::SameStatus) {
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
        if real.answer.status != 0 || run.notes.contains(&Note::TreeDiffers) {
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

/// All case files below `folder`, in order, parsed.
pub fn load(folder: &Path) -> Result<Vec<Case>, String> {
    let mut paths = Vec::new();
    collect(folder, &mut paths).map_err(|e| format!("{}: {e}", folder.display()))?;
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
            let name = path.strip_prefix(folder).unwrap_or(path).with_extension("");
            crate::case::parse(&name.to_string_lossy(), &text)
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|e| e == "case") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Runs all cases on all cores. Returns the failing ones, with their problems.
pub fn run_all(cases: &[Case]) -> Vec<(&Case, Vec<String>)> {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let problems = problems(case);
                    if !problems.is_empty()
                        && let Ok(mut failed) = failed.lock()
                    {
                        failed.push((case, problems));
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap_or_default();
    failed.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    failed
}
