//! `tutor local do JOB …`: jobs of plugins, in both programs.
//!
//! A little program stands for `docker` and notes how it was called: both have to make the same calls, print the same and
//! end the same way.

mod beside;
mod terminal;
mod without;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tests::case::{self, Case, Run};
use tests::oracle::{Answer, Oracle};
use tests::sandbox::Sandbox;
use tests::today::Today;
use tests::{binary, paths};

const CONFIG: &str = "-- config.yml --\n@secrets@\nPLUGINS: [ours, others]\n";

const PROJECT: &str = "\
-- more-templates/jobs-template --

from a template {{ LMS_HOST }}

-- env --
PATH=@world@/bin:/usr/bin:/bin
FAKE_CALLS=@world@/calls
";

/// A project that was saved, with plugins that have jobs, and the fakes.
pub(super) struct Project {
    sandbox: Sandbox,
    case: Case,
    _folder: tempfile::TempDir,
}

/// What a command came to.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) answer: Answer,
    /// How `docker` and `kubectl` were called.
    pub(super) calls: String,
}

impl Project {
    pub(super) fn new() -> Self {
        let plugins = [
            ("ours", include_str!("ours.py")),
            ("others", include_str!("others.py")),
        ];
        let files = plugins.map(|(name, text)| format!("-- plugins/{name}.py --\n{text}"));
        Self::of(&format!("{CONFIG}{}", files.concat()))
    }

    /// One with these files.
    pub(super) fn of(files: &str) -> Self {
        let python = Today::get().unwrap().python().display().to_string();
        let text = format!("{files}{PROJECT}TUTOR_PYTHON={python}\n-- run --\nconfig save\n");
        let case = case::parse("jobs", &text).unwrap();
        let folder = tempfile::Builder::new()
            .prefix("tutor-jobs-")
            .tempdir()
            .unwrap();
        let core = Oracle::get().unwrap().templates();
        let sandbox = Sandbox::create(&case, folder.path().join("x"), core).unwrap();
        let project = Self {
            sandbox,
            case,
            _folder: folder,
        };
        let fake = fs::read(paths::crate_dir().join("fakes/docker")).unwrap();
        fs::create_dir(project.path("bin")).unwrap();
        for program in ["docker", "kubectl"] {
            let path = project.path("bin").join(program);
            fs::write(&path, &fake).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let saved = project.ours(&["config", "save"], &[]);
        assert_eq!(saved.answer.status, 0, "{}", saved.answer.stderr);
        project
    }

    /// A path in the world.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.sandbox.world().join(path)
    }

    /// The environment of a command.
    pub(super) fn env(&self) -> Vec<(String, String)> {
        self.sandbox.env(&self.case, &Run::default())
    }

    fn run(
        &self,
        args: &[&str],
        env: &[(&str, &str)],
        run: impl Fn(&tests::oracle::Request) -> Result<Answer, String>,
    ) -> Ran {
        let own = |text: &&str| (*text).to_owned();
        let command = Run {
            args: args.iter().map(own).collect(),
            env: env.iter().map(|(k, v)| (own(k), own(v))).collect(),
            ..Run::default()
        };
        let calls = self.path("calls");
        let _ = fs::remove_file(&calls);
        let answer = run(&self.sandbox.request(&self.case, &command)).unwrap();
        Ran {
            answer,
            calls: fs::read_to_string(&calls).unwrap_or_default(),
        }
    }

    /// Runs our program.
    pub(super) fn ours(&self, args: &[&str], env: &[(&str, &str)]) -> Ran {
        let binary = binary::tutor().unwrap();
        let ran = self.run(args, env, |request| self.sandbox.run_ours(&binary, request));
        assert!(!ran.answer.stderr.contains("panicked at"), "{ran:#?}");
        ran
    }

    /// Runs both programs, which have to do the same. Answers what ours did.
    pub(super) fn both(&self, args: &[&str], env: &[(&str, &str)]) -> Ran {
        let oracle = Oracle::get().unwrap();
        let real = self.run(args, env, |request| oracle.run(request));
        let ours = self.ours(args, env);
        let what = format!("{args:?}\nreal: {real:#?}\nours: {ours:#?}");
        assert_eq!(real.calls, ours.calls, "calls of {what}");
        assert_eq!(real.answer.stdout, ours.answer.stdout, "output of {what}");
        assert_eq!(real.answer.status, ours.answer.status, "status of {what}");
        ours
    }
}
