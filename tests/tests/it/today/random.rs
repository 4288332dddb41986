//! Python plugins, settings, templates and mounts that are edited at random: each save is what a clean one is, and what
//! real Tutor's is.
#![allow(clippy::print_stdout, reason = "what led to a failure is told")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tests::case::{self, Case, Run};
use tests::oracle::{Answer, Request};
use tests::random::plugins::{Edits, Step};
use tests::runner::KEEP_VARIABLE;
use tests::sandbox::Sandbox;
use tests::snapshot::{self, Snapshot};
use tests::today::Today;
use tests::{binary, compare, parallel, random};

use super::saves::SECRETS;

/// Set this to run more sequences, or others: `100` or `100..200`.
const VARIABLE: &str = "TUTOR_RANDOM_PYTHON";

/// How many are run without being asked, and how many saves each has.
const USUALLY: u64 = 2;
/// Those that have found something once; run as well unless others are asked for.
const FOUND: [u64; 4] = [217, 233, 250, 259];
const STEPS: usize = 6;

#[test]
fn random_edits_of_python_plugins_give_what_a_clean_save_and_real_tutor_give() {
    let mut seeds: Vec<u64> = random::seeds(VARIABLE, USUALLY).collect();
    if std::env::var_os(VARIABLE).is_none() {
        seeds.extend(FOUND);
    }
    let outcomes = parallel::each(&seeds, |seed| {
        let mut told = String::new();
        let (saves, problems) = sequence(*seed, &mut told).unwrap_or_else(|error| (0, vec![error]));
        if let [first, ..] = &problems[..] {
            println!("\n==== {VARIABLE}={seed}..{}\n{told}", seed + 1);
            println!("{}", problems[..problems.len().min(5)].join("\n"));
            return (saves, Some(format!("\n  seed {seed}: {first}")));
        }
        (saves, None)
    });
    let saves: usize = outcomes.iter().map(|(saves, _)| saves).sum();
    println!("{saves} saves in {} sequences were compared", seeds.len());
    let summary: String = outcomes
        .into_iter()
        .filter_map(|(_, failed)| failed)
        .collect();
    assert!(summary.is_empty(), "{summary}");
}

/// Three roots of one world: real Tutor's, ours, and one that is new each time.
struct World {
    sandbox: Sandbox,
    case: Case,
    binary: PathBuf,
}

/// How many saves of one sequence could be compared, and the problems. What was done is noted in `told`.
fn sequence(seed: u64, told: &mut String) -> Result<(usize, Vec<String>), String> {
    let folder = tempfile::Builder::new()
        .prefix("tutor-edits-")
        .tempdir()
        .map_err(|e| e.to_string())?;
    let world = World::new(&folder.path().join("x"))?;
    let mut edits = Edits::new(seed);
    let mut before = BTreeSet::new();
    let mut problems = Vec::new();
    let mut saves = 0;
    for number in 0..STEPS {
        let step = if number == 0 {
            edits.first()
        } else {
            edits.another()
        };
        note(number, &step, told);
        let Some(found) = world.step(&step, &mut before)? else {
            break;
        };
        saves += 1;
        problems = found;
        if !problems.is_empty() {
            break;
        }
    }
    if !problems.is_empty() && std::env::var_os(KEEP_VARIABLE).is_some() {
        told.push_str(&format!("kept in {}\n", folder.keep().display()));
    }
    Ok((saves, problems))
}

fn note(number: usize, step: &Step, told: &mut String) {
    told.push_str(&format!("-- save {number}: {:?}\n", step.args));
    if let Some(enabled) = &step.enabled {
        told.push_str(&format!("enabled: {}\n", enabled.join(", ")));
    }
    for (path, text) in &step.files {
        let text = text.as_deref().unwrap_or("(removed)");
        told.push_str(&format!(
            "{path}:\n    {}\n",
            text.trim_end().replace('\n', "\n    ")
        ));
    }
}

impl World {
    fn new(folder: &Path) -> Result<Self, String> {
        let today = Today::get()?;
        let text = format!(
            "-- config.yml --\n@secrets@\n{SECRETS}PLUGINS:\n- none\n-- env --\n-TUTOR_IGNORE_ENTRYPOINT_PLUGINS\n\
             TUTOR_PYTHON={}\n-- run --\nconfig save\n",
            today.python().display()
        );
        let case = case::parse("edits", &text)?;
        let sandbox = Sandbox::create(&case, folder.to_owned(), today.templates())?;
        let world = Self {
            sandbox,
            case,
            binary: binary::tutor()?,
        };
        for name in ["real", "ours"] {
            world.copy("root/config.yml", name)?;
        }
        Ok(world)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.sandbox.world().join(path)
    }

    /// Copies a file into a root.
    fn copy(&self, from: &str, root: &str) -> Result<(), String> {
        let from = self.path(from);
        let to = self.path(root).join(from.file_name().unwrap_or_default());
        fs::create_dir_all(self.path(root))
            .and_then(|()| fs::copy(&from, &to))
            .map(|_| ())
            .map_err(|e| format!("{}: {e}", from.display()))
    }

    /// Does one step. `None` if real Tutor cannot save this, and we cannot either.
    fn step(
        &self,
        step: &Step,
        before: &mut BTreeSet<String>,
    ) -> Result<Option<Vec<String>>, String> {
        for (path, text) in &step.files {
            let path = self.path(path);
            match text {
                Some(text) => {
                    let text = text.replace("@world@", &self.sandbox.world().to_string_lossy());
                    let folder = path.parent().unwrap_or(&path);
                    fs::create_dir_all(folder).map_err(|e| e.to_string())?;
                    fs::write(&path, text).map_err(|e| e.to_string())?;
                }
                None => drop(fs::remove_file(&path)),
            }
        }
        if let Some(enabled) = &step.enabled {
            for root in ["real", "ours"] {
                enable(&self.path(root).join("config.yml"), enabled)?;
            }
        }
        // The clean one begins where ours does, and knows nothing but the secret that random values come from.
        let _ = fs::remove_dir_all(self.path("clean"));
        self.copy("ours/config.yml", "clean")?;
        let secret = self.path("ours/.tutor/secret");
        if secret.exists() {
            let state = self.path("clean/.tutor");
            fs::create_dir_all(&state)
                .and_then(|()| fs::copy(&secret, state.join("secret")))
                .map_err(|e| e.to_string())?;
        }
        let real = self.save("real", &step.args, &|request| Today::get()?.run(request))?;
        let run_ours = |request: &Request| self.sandbox.run_ours(&self.binary, request);
        let ours = self.save("ours", &step.args, &run_ours)?;
        let mut args = step.args.clone();
        args.push(String::from("--no-cache"));
        let clean = self.save("clean", &args, &run_ours)?;
        Ok(differences(&real, &ours, &clean, before))
    }

    fn save(
        &self,
        root: &str,
        args: &[String],
        run: &dyn Fn(&Request) -> Result<Answer, String>,
    ) -> Result<(Answer, Snapshot), String> {
        let mut all = vec![String::from("config"), String::from("save")];
        all.extend(args.iter().cloned());
        let run_it = Run {
            args: all,
            env: vec![(
                String::from("TUTOR_ROOT"),
                self.path(root).display().to_string(),
            )],
            ..Run::default()
        };
        let answer = run(&self.sandbox.request(&self.case, &run_it))?;
        Ok((answer, snapshot::take_root(&self.path(root))?))
    }
}

/// What is not the same; `None` if nobody could save. `before`: files that we wrote at one time or another, which real
/// Tutor leaves there when nothing yields them any more.
fn differences(
    real: &(Answer, Snapshot),
    ours: &(Answer, Snapshot),
    clean: &(Answer, Snapshot),
    before: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    let statuses = [real.0.status, ours.0.status, clean.0.status];
    if statuses.iter().all(|status| *status != 0) {
        let why = real.0.stderr.trim_end().lines().last();
        println!("nobody saves this: {}", why.unwrap_or_default());
        return None;
    }
    let mut problems = Vec::new();
    if statuses != [0; 3] {
        for (who, (answer, _)) in [("real Tutor", real), ("we", ours), ("clean", clean)] {
            problems.push(format!(
                "{who}: status {}\n{}",
                answer.status, answer.stderr
            ));
        }
        return Some(problems);
    }
    if let Some(line) = ours
        .0
        .stderr
        .lines()
        .find(|line| line.contains("Warning: plugin"))
    {
        problems.push(format!("we warn: {line}"));
    }
    before.extend(ours.1.keys().cloned());
    let with_clean = compare::trees(&clean.1, &ours.1, &|_, bytes| bytes.to_vec(), &|_| false);
    problems.extend(
        with_clean
            .into_iter()
            .map(|one| format!("a clean save ('real') and ours: {one}")),
    );
    let is_stale = |path: &str| !ours.1.contains_key(path) && before.contains(path);
    problems.extend(compare::trees(
        &real.1,
        &ours.1,
        &|_, bytes| bytes.to_vec(),
        &is_stale,
    ));
    Some(problems)
}

/// Puts other names into PLUGINS of a `config.yml`, as a user would.
fn enable(config: &Path, names: &[String]) -> Result<(), String> {
    let text = fs::read_to_string(config).map_err(|e| e.to_string())?;
    let mut lines = Vec::new();
    let mut within = false;
    for line in text.lines() {
        within = line.starts_with("PLUGINS:") || within && line.starts_with('-');
        if !within {
            lines.push(line.to_owned());
        }
    }
    lines.push(format!("PLUGINS: [{}]\n", names.join(", ")));
    fs::write(config, lines.join("\n")).map_err(|e| e.to_string())
}
