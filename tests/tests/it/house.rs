//! A root to play with, for tests that look closer than case files can.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tests::case::{self, Case, Run};
use tests::oracle::{Answer, Oracle};
use tests::sandbox::{self, Sandbox};
use tests::snapshot::{self, Snapshot};
use tests::{binary, compare};

/// A sandbox with our binary.
pub(crate) struct House {
    sandbox: Sandbox,
    case: Case,
    folder: tempfile::TempDir,
}

/// What is in a plain house.
pub(crate) const PLAIN: &str = "-- config.yml --\n@secrets@\nPLUGINS: []\n";

impl House {
    /// A house with the sections of `text` in it.
    pub(crate) fn new(text: &str) -> Self {
        let case = case::parse("house", &format!("{text}-- run --\nconfig save\n")).unwrap();
        let folder = tempfile::Builder::new()
            .prefix("tutor-house-")
            .tempdir()
            .unwrap();
        let core = Oracle::get().unwrap().templates();
        let sandbox = Sandbox::create(&case, folder.path().join("x"), core).unwrap();
        Self {
            sandbox,
            case,
            folder,
        }
    }

    /// A path in the world.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.sandbox.world().join(path)
    }

    /// The folder that holds the world.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap();
    }

    /// Does what `! words` does in a case file.
    pub(crate) fn change(&self, words: &[&str]) {
        let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        self.sandbox.change(&words).unwrap();
    }

    /// What `root` holds.
    pub(crate) fn root(&self) -> Snapshot {
        snapshot::take_root(&self.sandbox.root()).unwrap()
    }

    /// Our binary, ready to start in this house.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        self.wrapped(&[] as &[&str], args)
    }

    /// The same, started by the program `wrapper`.
    pub(crate) fn wrapped<W: AsRef<OsStr>, S: AsRef<OsStr>>(
        &self,
        wrapper: &[W],
        args: &[S],
    ) -> Command {
        let binary = binary::tutor().unwrap();
        let mut command = match wrapper {
            [] => Command::new(&binary),
            [program, rest @ ..] => {
                let mut command = Command::new(program);
                command.args(rest).arg(&binary);
                command
            }
        };
        command
            .args(args)
            .env_clear()
            .envs(self.sandbox.env(&self.case, &Run::default()))
            .current_dir(self.sandbox.world())
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn finish(&self, command: Command) -> Answer {
        let answer = sandbox::finish(command, &self.folder.path().join("output")).unwrap();
        assert!(!answer.stderr.contains("panicked at"), "{}", answer.stderr);
        answer
    }

    /// Runs `tutor`.
    pub(crate) fn tutor(&self, args: &[&str]) -> Answer {
        self.finish(self.command(args))
    }

    /// Runs `tutor config save` with `args`, which must work.
    pub(crate) fn save(&self, args: &[&str]) -> Answer {
        let answer = self.tutor(&[&["config", "save"], args].concat());
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        answer
    }

    /// Starts `tutor config save` with `args` in the background.
    pub(crate) fn start_save(&self, args: &[&str]) -> Child {
        self.command(&[&["config", "save"], args].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// The command fails with status 1 and changes nothing. Returns its messages.
    pub(crate) fn fails_and_changes_nothing(&self, command: Command) -> String {
        let before = self.root();
        let answer = self.finish(command);
        assert_eq!(answer.status, 1, "{}{}", answer.stdout, answer.stderr);
        assert_same(&before, &self.root());
        answer.stderr
    }
}

/// Nothing changed between the two, not even a time.
pub(crate) fn assert_same(before: &Snapshot, after: &Snapshot) {
    let changes = compare::changes(before, after);
    assert!(changes.is_empty(), "{}", changes.join("\n"));
}

/// Same files with the same bytes.
pub(crate) fn assert_same_bytes(wanted: &Snapshot, found: &Snapshot) {
    let problems = compare::trees(wanted, found, &|_, b| b.to_vec(), &|_| false);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
