//! A house with a Python of its own, in which plugins are installed by writing files.
//!
//! The Python is a virtual environment made by hand: its interpreter is a script that notes each start and becomes
//! the real one, so that a test can tell whether Python was started at all. Plugins note when they are imported, in a
//! file outside of the project, by a first line that [`Snake::add`] puts into them.

use std::cell::Cell;
use std::fs;
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tests::era::Plain;
use tests::oracle::Answer;
use tests::packages::{self, Package};

use super::venv;
use crate::house::House;

/// A house with Python in it.
pub(crate) struct Snake {
    house: House,
    site: String,
    /// When something was written last.
    written: Cell<Instant>,
}

/// A small template root, with a patch to fill.
const WORLD: &str = "\
-- templates/apps/core.txt --
core {{ LMS_HOST }} {{ patch('spot') }}
-- env --
-TUTOR_IGNORE_ENTRYPOINT_PLUGINS
TUTOR_PYTHON=@world@/venv/bin/python
TUTOR_PYTHON_TIMEOUT=20
-- expect --
bare templates
";

/// How long a file has to be left alone until its time tells whether it changes. What is younger than that when it is
/// read may be read twice, which is right, but not what a test that counts wants to know.
const SETTLED: Duration = Duration::from_millis(25);

/// The file that the template of [`WORLD`] becomes.
pub(crate) const CORE: &str = "root/env/apps/core.txt";

/// Where starts of Python are noted.
pub(super) const STARTS: &str = "host/starts.log";
/// Where imports of plugins are noted.
const LOADS: &str = "host/loads.log";

/// A plugin that works, to stand beside one that does not.
pub(crate) const GOOD: &str = "patches = {'spot': 'good'}\n";

impl Snake {
    /// A house in which these plugins are enabled. None is installed yet.
    pub(crate) fn new(enabled: &[&str]) -> Self {
        Self::with(enabled, "")
    }

    /// The same with further sections.
    pub(crate) fn with(enabled: &[&str], sections: &str) -> Self {
        let config = format!(
            "-- config.yml --\n@secrets@\nPLUGINS: [{}]\n",
            enabled.join(", ")
        );
        let python = Plain::get().unwrap();
        let site = format!("venv/lib/python{}/site-packages", python.version);
        let snake = Self {
            house: House::new(&format!("{config}{WORLD}{sections}")),
            site,
            written: Cell::new(Instant::now()),
        };
        venv::make(&snake, "venv");
        snake
    }

    /// A house in which one plugin is enabled and installed: the module with this text.
    pub(crate) fn of(name: &str, module: &str) -> Self {
        let snake = Self::new(&[name]);
        snake.add(&Package::new(name, module));
        snake
    }

    /// The folder of packages, in the world.
    pub(crate) fn site(&self) -> &str {
        &self.site
    }

    /// A path in the folder of packages, in the world.
    pub(crate) fn in_site(&self, path: &str) -> String {
        format!("{}/{path}", self.site)
    }

    /// Writes a file, with the folders above it. `@world@` stands for the world.
    pub(crate) fn put(&self, path: &str, text: &str) {
        let text = text.replace("@world@", &self.world());
        packages::write(&self.path(path), &text).unwrap();
        self.wrote();
    }

    /// Something was written otherwise than by us.
    pub(crate) fn wrote(&self) {
        self.written.set(Instant::now());
    }

    /// Removes a file.
    pub(crate) fn rm(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
        self.wrote();
    }

    /// Waits until what was written is old enough for its time to tell whether it changes.
    pub(crate) fn settle(&self) {
        thread::sleep(SETTLED.saturating_sub(self.written.get().elapsed()));
    }

    /// The same, to be started.
    pub(crate) fn put_script(&self, path: &str, text: &str) {
        self.put(path, text);
        fs::set_permissions(self.path(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// The text of the line that notes an import.
    fn note(&self) -> String {
        format!(
            "with open('{}', 'a') as f: f.write(__name__ + '\\n')\n",
            self.path(LOADS).display()
        )
    }

    /// A package as it is written into this house: paths filled in, and the plugin's module notes its imports. Line 1
    /// of a module is that note, so that what a test writes begins at line 2.
    pub(crate) fn prepared(&self, package: &Package) -> Package {
        let module = format!("{}/plugin.py", package.name());
        package.clone().map(|path, text| {
            let text = text.replace("@world@", &self.world());
            if path == module {
                format!("{}{text}", self.note())
            } else {
                text
            }
        })
    }

    /// Installs a package.
    pub(crate) fn add(&self, package: &Package) {
        let site = self.path(&self.site);
        self.prepared(package).install(&site).unwrap();
        self.wrote();
    }

    /// Removes an installed package.
    pub(crate) fn remove(&self, package: &Package) {
        for name in [package.name().to_owned(), package.metadata()] {
            fs::remove_dir_all(self.path(&self.in_site(&name))).unwrap();
        }
        self.wrote();
    }

    /// Replaces the module of a plugin.
    pub(crate) fn edit_module(&self, name: &str, module: &str) {
        let package = self.prepared(&Package::new(name, module));
        package.write_files(&self.path(&self.site)).unwrap();
        self.wrote();
    }

    /// The world's folder.
    pub(crate) fn world(&self) -> String {
        let world = self.path("").display().to_string();
        world.trim_end_matches('/').to_owned()
    }

    /// How often Python was started.
    pub(crate) fn starts(&self) -> usize {
        self.noted(STARTS, |_| true)
    }

    /// How often the module of a plugin was imported.
    pub(crate) fn loads(&self, name: &str) -> usize {
        let module = format!("{name}.plugin");
        self.noted(LOADS, |line| line == module)
    }

    fn noted(&self, path: &str, is_meant: impl Fn(&str) -> bool) -> usize {
        let text = fs::read_to_string(self.path(path)).unwrap_or_default();
        text.lines().filter(|line| is_meant(line)).count()
    }

    /// Our binary, ready to start.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.settle();
        self.house.command(args)
    }

    /// Runs `tutor`.
    pub(crate) fn tutor(&self, args: &[&str]) -> Answer {
        self.finish(self.command(args))
    }

    /// Runs `tutor config save` with `args`, which must work.
    pub(crate) fn save(&self, args: &[&str]) -> Answer {
        self.works(&[&["config", "save"], args].concat())
    }

    /// Runs a command that must work, and must not start Python.
    pub(crate) fn without_python(&self, args: &[&str]) -> Answer {
        let before = self.starts();
        let answer = self.works(args);
        assert_eq!(self.starts(), before, "`{}` started Python", args.join(" "));
        answer
    }

    /// Runs a command that must work.
    pub(crate) fn works(&self, args: &[&str]) -> Answer {
        let answer = self.tutor(args);
        assert_eq!(answer.status, 0, "`{}`:\n{}", args.join(" "), answer.stderr);
        answer
    }

    /// Saves; nothing is to be said against it.
    pub(crate) fn saves_well(&self) -> Answer {
        let answer = self.save(&[]);
        assert!(!answer.stderr.contains("Warning"), "{}", answer.stderr);
        answer
    }

    /// What `config printvalue` prints.
    pub(crate) fn value(&self, key: &str) -> String {
        let answer = self.works(&["config", "printvalue", key]);
        answer.stdout.trim_end_matches('\n').to_owned()
    }

    /// The row of `plugins list` of one plugin, as its columns.
    pub(crate) fn row(&self, name: &str) -> Option<Vec<String>> {
        rows(&self.works(&["plugins", "list"]).stdout)
            .into_iter()
            .find(|row| row[0] == name)
    }

    /// What the template in which plugins fill a patch has become, without the end of line.
    pub(crate) fn core(&self) -> String {
        self.read(CORE).trim_end().to_owned()
    }

    /// A path of this house as it is told in messages.
    pub(crate) fn shown(&self, path: &str) -> String {
        PathBuf::from(self.world()).join(path).display().to_string()
    }
}

/// The rows of `plugins list`, without the padding.
pub(crate) fn rows(stdout: &str) -> Vec<Vec<String>> {
    let columns = |line: &str| line.split('\t').map(|c| c.trim_end().to_owned()).collect();
    stdout.lines().map(columns).collect()
}

impl Deref for Snake {
    type Target = House;

    fn deref(&self) -> &House {
        &self.house
    }
}
