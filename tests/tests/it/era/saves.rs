//! One configuration, saved by both programs.

use std::fs;
use std::path::Path;

use tests::case::{self, Case, Run};
use tests::era::Era;
use tests::oracle::Answer;
use tests::sandbox::Sandbox;
use tests::snapshot::{self, Snapshot};
use tests::{binary, compare, parallel};

/// Values of what the plugins would draw at random.
const SECRETS: &str = include_str!("../../../era/secrets.yml");

/// What to save.
#[derive(Debug, Clone)]
pub(super) struct Project {
    /// The enabled plugins.
    pub(super) plugins: Vec<&'static str>,
    /// Further lines of `config.yml`.
    pub(super) settings: &'static str,
}

/// In which order Tutor 13.3.1 takes patches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Its own: those of plugins of API v1 last.
    V1Last,
    /// By the names of plugins, as ours.
    ByName,
}

/// What both came to.
pub(super) struct Outcome {
    real: (Answer, Snapshot),
    ours: (Answer, Snapshot),
    again: (Answer, Snapshot),
    look: Answer,
}

impl Project {
    /// These plugins as they come.
    pub(super) fn of(plugins: &[&'static str]) -> Self {
        Self {
            plugins: plugins.to_vec(),
            settings: "",
        }
    }

    /// With more settings.
    pub(super) fn with(mut self, settings: &'static str) -> Self {
        self.settings = settings;
        self
    }

    fn case(&self, era: &Era) -> Case {
        let of_enabled = |line: &&str| {
            let mut prefixes = self.plugins.iter().map(|name| name.to_ascii_uppercase());
            prefixes.any(|prefix| line.starts_with(&format!("{prefix}_")))
        };
        let secrets: Vec<&str> = SECRETS.lines().filter(of_enabled).collect();
        let config = format!(
            "TUTOR_VERSION: 13.3.1\n@secrets@\n{}\n{}PLUGINS: [{}]\n",
            secrets.join("\n"),
            self.settings,
            self.plugins.join(", ")
        );
        let env = format!(
            "-TUTOR_IGNORE_ENTRYPOINT_PLUGINS\nTUTOR_PYTHON={}\n",
            era.python().display()
        );
        let text = format!("-- config.yml --\n{config}-- env --\n{env}-- run --\nconfig save\n");
        case::parse("era", &text).unwrap()
    }

    /// Saves it with both programs, and answers what each of `commands` comes to then, in real Tutor and in ours.
    pub(super) fn both(&self, era: &Era, commands: &[&[&str]]) -> Result<Vec<[Answer; 2]>, String> {
        let binary = binary::tutor()?;
        let case = self.case(era);
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let world = folder.path().join("x");
        let runs: Vec<Run> = commands.iter().map(|args| command(args)).collect();
        let all = || {
            [command(&["config", "save"])]
                .into_iter()
                .chain(runs.clone())
        };

        let sandbox = Sandbox::create(&case, world.clone(), era.templates())?;
        let real = all().map(|run| era.run(&sandbox.request(&case, &run)));
        let real = real.collect::<Result<Vec<_>, _>>()?;
        retire(&world)?;
        let sandbox = Sandbox::create(&case, world.clone(), era.templates())?;
        let ours = all().map(|run| sandbox.run_ours(&binary, &sandbox.request(&case, &run)));
        let ours = ours.collect::<Result<Vec<_>, _>>()?;
        Ok(real.into_iter().zip(ours).skip(1).map(Into::into).collect())
    }

    /// Saves it with both programs, and with ours once more; then asks ours for a setting.
    pub(super) fn save(&self, order: Order) -> Result<Outcome, String> {
        let era = Era::get()?;
        let binary = binary::tutor()?;
        let case = self.case(era);
        let folder = tempfile::Builder::new()
            .prefix("tutor-era-")
            .tempdir()
            .map_err(|e| e.to_string())?;
        let world = folder.path().join("x");
        let run = command(&["config", "save"]);
        let took = |answer, sandbox: &Sandbox| {
            Ok::<_, String>((answer, snapshot::take_root(&sandbox.root())?))
        };

        let sandbox = Sandbox::create(&case, world.clone(), era.templates())?;
        let mut request = sandbox.request(&case, &run);
        request.prelude = (order == Order::ByName).then(Era::patches_by_name);
        let real = took(era.run(&request)?, &sandbox)?;
        retire(&world)?;

        let sandbox = Sandbox::create(&case, world.clone(), era.templates())?;
        let request = sandbox.request(&case, &run);
        let ours = took(sandbox.run_ours(&binary, &request)?, &sandbox)?;
        let again = took(sandbox.run_ours(&binary, &request)?, &sandbox)?;
        let look = command(&["config", "printvalue", "ID"]);
        let look = sandbox.run_ours(&binary, &sandbox.request(&case, &look))?;
        Ok(Outcome {
            real,
            ours,
            again,
            look,
        })
    }
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

impl Outcome {
    /// What is not as it should be.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.of_the_answers();
        if self.answers().iter().all(|answer| answer.status == 0) {
            problems.extend(self.differing().into_iter().map(|(_, problem)| problem));
        }
        problems
    }

    /// What is not as it should be but for the bytes of files.
    pub(super) fn of_the_answers(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (who, (answer, _)) in [
            ("real Tutor", &self.real),
            ("we", &self.ours),
            ("we again", &self.again),
        ] {
            if answer.status != 0 {
                problems.push(format!(
                    "{who} ended with {}\n{}",
                    answer.status, answer.stderr
                ));
            }
        }
        for answer in [&self.ours.0, &self.again.0] {
            let left_out = |alert: &String| alert.contains("the plugin is left out");
            problems.extend(alerts(&answer.stderr).into_iter().filter(left_out));
        }
        let changes = compare::changes(&self.ours.1, &self.again.1);
        problems.extend(changes.iter().map(|c| format!("saved once more, {c}")));
        problems
    }

    /// How real Tutor's save, ours, and ours after that ended.
    pub(super) fn answers(&self) -> [&Answer; 3] {
        [&self.real, &self.ours, &self.again].map(|(answer, _)| answer)
    }

    /// What `config printvalue` of ours came to after the saves.
    pub(super) fn look(&self) -> &Answer {
        &self.look
    }

    /// Files that differ, with how.
    pub(super) fn differing(&self) -> Vec<(String, String)> {
        let problems = compare::trees(&self.real.1, &self.ours.1, &|_, b| b.to_vec(), &|_| false);
        let path = |problem: &String| problem.split(':').next().unwrap_or_default().to_owned();
        problems.into_iter().map(|p| (path(&p), p)).collect()
    }

    /// The text of a file of both.
    pub(super) fn texts(&self, path: &str) -> [String; 2] {
        [&self.real.1, &self.ours.1].map(|root| {
            let bytes = root.get(path).map(|entry| entry.bytes.clone());
            String::from_utf8(bytes.unwrap_or_default()).unwrap()
        })
    }
}

/// Each thing that a command of ours warns of.
pub(super) fn alerts(stderr: &str) -> Vec<String> {
    let mut alerts: Vec<String> = stderr.split("⚠️").map(str::to_owned).collect();
    alerts.retain(|alert| alert.contains("Warning:"));
    alerts
}

/// Saves all of them, on all cores; panics with all that is wrong.
pub(super) fn all_are_the_same(projects: &[Project], order: Order) {
    let outcomes = parallel::each(projects, |project| {
        project
            .save(order)
            .map_or_else(|e| vec![e], |o| o.problems())
    });
    let mut told = String::new();
    for (project, problems) in projects.iter().zip(outcomes) {
        if !problems.is_empty() {
            told.push_str(&format!(
                "\n{:?}: {} problems",
                project.plugins,
                problems.len()
            ));
            for problem in problems.iter().take(4) {
                told.push_str(&format!("\n    {problem}"));
            }
        }
    }
    assert!(told.is_empty(), "{told}");
}
