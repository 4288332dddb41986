//! Runs a case in both programs and says what is not as it should be.

use std::fs;
use std::path::{Path, PathBuf};

use crate::binary;
use crate::case::{Case, Flag, Note, Run, Step};
use crate::compare;
use crate::expectations::{Outcome, check_both, check_ours, check_real, skipped};
use crate::oracle::{Answer, Oracle};
use crate::parallel;
use crate::sandbox::Sandbox;
use crate::snapshot::{self, Snapshot};

/// Set this to stop after real Tutor's part: are the cases themselves sound?
pub const REAL_ONLY_VARIABLE: &str = "TUTOR_TEST_REAL_ONLY";

/// Set this to keep the sandboxes of failing cases.
pub const KEEP_VARIABLE: &str = "TUTOR_TEST_KEEP";

/// Everything that is wrong with one case; empty when all is well.
pub fn problems(case: &Case) -> Vec<String> {
    let folder = match tempfile::Builder::new().prefix("tutor-case-").tempdir() {
        Ok(folder) => folder,
        Err(e) => return vec![format!("no temporary folder: {e}")],
    };
    let mut problems = problems_in(case, folder.path()).unwrap_or_else(|e| vec![e]);
    if !problems.is_empty() && std::env::var_os(KEEP_VARIABLE).is_some() {
        problems.push(format!("kept in {}", folder.keep().display()));
    }
    problems
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
    let problems = parallel::each(cases, problems);
    let mut failed: Vec<_> = cases.iter().zip(problems).collect();
    failed.retain(|(_, problems)| !problems.is_empty());
    failed.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    failed
}
