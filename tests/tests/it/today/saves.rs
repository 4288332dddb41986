//! One project, taken through the same commands by both programs.

use std::fs;
use std::path::Path;

use tests::case::{self, Case, Run};
use tests::oracle::Answer;
use tests::sandbox::Sandbox;
use tests::snapshot::{self, Snapshot};
use tests::today::Today;
use tests::{binary, compare, parallel};

/// Values of what the plugins would draw at random.
pub(super) const SECRETS: &str = include_str!("../../../today/secrets.yml");

/// What to save, and what to do then.
#[derive(Debug, Clone)]
pub(super) struct Project {
    plugins: Vec<&'static str>,
    settings: &'static str,
    /// Files besides, as sections of a case.
    files: &'static str,
    commands: Vec<&'static [&'static str]>,
}

/// What one command came to: its answer, and the project after it.
type After = (Answer, Snapshot);

impl Project {
    /// These plugins as they come.
    pub(super) fn of(plugins: &[&'static str]) -> Self {
        Self {
            plugins: plugins.to_vec(),
            settings: "",
            files: "",
            commands: vec![&["config", "save"]],
        }
    }

    /// With more settings.
    pub(super) fn with(mut self, settings: &'static str) -> Self {
        self.settings = settings;
        self
    }

    /// With more files, as sections of a case.
    pub(super) fn and_files(mut self, files: &'static str) -> Self {
        self.files = files;
        self
    }

    /// After what is done already, this command. Enabling and disabling is followed by a save: real Tutor's own one
    /// leaves `config.yml` as it is, and takes plugins in the order in which it came to load them.
    pub(super) fn then(mut self, args: &'static [&'static str]) -> Self {
        self.commands.push(args);
        if changes_plugins(args) {
            self.commands.push(&["config", "save"]);
        }
        self
    }

    /// The settings with which a project of these plugins begins.
    pub(super) fn config(&self) -> String {
        let of_enabled = |line: &&str| {
            let mut prefixes = self.plugins.iter().map(|name| name.to_ascii_uppercase());
            prefixes.any(|prefix| line.starts_with(&format!("{prefix}_")))
        };
        let secrets: Vec<&str> = SECRETS.lines().filter(of_enabled).collect();
        format!(
            "-- config.yml --\n@secrets@\n{}\n{}PLUGINS: [{}]\n",
            secrets.join("\n"),
            self.settings,
            self.plugins.join(", ")
        )
    }

    fn case(&self, today: &Today) -> Case {
        let text = format!(
            "{}{}-- env --\n-TUTOR_IGNORE_ENTRYPOINT_PLUGINS\nTUTOR_PYTHON={}\n-- run --\nconfig save\n",
            self.config(),
            self.files,
            today.python().display()
        );
        case::parse("today", &text).unwrap()
    }

    /// What is not the same.
    fn problems(&self) -> Result<Vec<String>, String> {
        let today = Today::get()?;
        let binary = binary::tutor()?;
        let case = self.case(today);
        let folder = tempfile::Builder::new()
            .prefix("tutor-today-")
            .tempdir()
            .map_err(|e| e.to_string())?;
        let world = folder.path().join("x");

        let sandbox = Sandbox::create(&case, world.clone(), today.templates())?;
        let mut real = Vec::new();
        for args in &self.commands {
            let request = sandbox.request(&case, &command(args));
            real.push((today.run(&request)?, snapshot::take_root(&sandbox.root())?));
        }
        retire(&world)?;

        let sandbox = Sandbox::create(&case, world, today.templates())?;
        let mut problems = Vec::new();
        let save: &[&str] = &["config", "save"];
        let mut last: Option<After> = None;
        let mut gone = Snapshot::new();
        for (args, real) in self.commands.iter().zip(&real) {
            let request = sandbox.request(&case, &command(args));
            let answer = sandbox.run_ours(&binary, &request)?;
            let ours = (answer, snapshot::take_root(&sandbox.root())?);
            if let Some((_, before)) = &last
                && args.contains(&"disable")
            {
                gone.extend(before.clone());
            }
            if changes_plugins(args) {
                assert_eq!([real.0.status, ours.0.status], [0, 0], "{}", ours.0.stderr);
                last = Some(ours);
                continue;
            }
            let told = differences(real, &ours, &gone);
            problems.extend(told.map(|problem| format!("{}: {problem}", args.join(" "))));
            last = Some(ours);
        }
        let answer = sandbox.run_ours(&binary, &sandbox.request(&case, &command(save)))?;
        let again = (answer, snapshot::take_root(&sandbox.root())?);
        if let Some(last) = last {
            let changes = compare::changes(&last.1, &again.1);
            problems.extend(changes.iter().map(|c| format!("saved once more, {c}")));
        }
        Ok(problems)
    }
}

/// `before`: the project as we had left it before, if a plugin was disabled.
fn differences(
    real: &After,
    ours: &After,
    before: &Snapshot,
) -> impl Iterator<Item = String> + use<> {
    let mut problems = Vec::new();
    for (who, (answer, _)) in [("real Tutor", real), ("we", ours)] {
        if answer.status != 0 {
            problems.push(format!(
                "{who}: status {}\n{}",
                answer.status, answer.stderr
            ));
        }
    }
    if problems.is_empty() {
        // Real Tutor leaves what a plugin that is not enabled any more has had rendered.
        let is_stale = |path: &str| !ours.1.contains_key(path) && before.contains_key(path);
        problems.extend(compare::trees(
            &real.1,
            &ours.1,
            &|_, b| b.to_vec(),
            &is_stale,
        ));
        let [real_says, ours_says] =
            [real, ours].map(|(answer, _)| without_origins(&answer.stdout));
        if real_says != ours_says {
            let [real, ours] = [&real.0.stdout, &ours.0.stdout];
            problems.push(format!("standard output: {real:?}\n    ours: {ours:?}"));
        }
        let [of_real, of_ours] = [&real.0.stderr, &ours.0.stderr].map(|text| warnings(text));
        if of_real != of_ours {
            problems.push(format!("warnings: {of_real:#?}\n    ours: {of_ours:#?}"));
        }
    }
    problems.into_iter()
}

/// `plugins list` without our fourth column, and without the padding.
fn without_origins(stdout: &str) -> Vec<String> {
    let columns = |line: &str| {
        let columns = line.split('\t').take(3).map(str::trim_end);
        columns.collect::<Vec<_>>().join("\t")
    };
    stdout.lines().map(columns).collect()
}

/// What is warned of, plugins' warnings included.
fn warnings(stderr: &str) -> Vec<&str> {
    let lines = stderr.lines().filter(|line| line.contains("Warning"));
    lines.collect()
}

fn changes_plugins(args: &[&str]) -> bool {
    args.contains(&"enable") || args.contains(&"disable")
}

fn command(args: &[&str]) -> Run {
    Run {
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        ..Run::default()
    }
}

fn retire(world: &Path) -> Result<(), String> {
    fs::rename(world, world.with_file_name("real")).map_err(|e| e.to_string())
}

/// Takes all of them through their commands, on all cores; panics with all that differs.
pub(super) fn all_are_the_same(projects: &[Project]) {
    let outcomes = parallel::each(projects, |project| {
        project.problems().unwrap_or_else(|e| vec![e])
    });
    let mut told = String::new();
    for (project, problems) in projects.iter().zip(outcomes) {
        if !problems.is_empty() {
            told.push_str(&format!(
                "\n{:?} with {:?}: {} problems",
                project.plugins,
                project.settings,
                problems.len()
            ));
            for problem in problems.iter().take(6) {
                told.push_str(&format!("\n    {problem}"));
            }
        }
    }
    assert!(told.is_empty(), "{told}");
}
