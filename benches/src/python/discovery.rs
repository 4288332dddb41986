//! Which plugins there are, in an environment with many packages.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tests::packages::Package;
use tests::pinned;

use crate::job::Job;
use crate::measure::{Samples, Subject};
use crate::plan::Plan;
use crate::project::{self, Programs, Project};

/// How many packages there are.
pub(crate) const PACKAGES: usize = 200;
/// So many of them have a plugin.
pub(crate) const PLUGINS: usize = 10;
/// One of so many of the others has a program.
const HAS_PROGRAM: usize = 4;
/// Lines of the description in a package's metadata: a few thousand bytes, as they mostly are.
const DESCRIPTION: usize = 60;

/// Medians of runs that took turns.
pub(crate) struct Discovery {
    /// No packages.
    pub(crate) none: Duration,
    /// Many.
    pub(crate) many: Duration,
}

/// Measures by turns, in an environment without any packages and in one with many.
pub(crate) fn run(plan: &Plan, programs: &Programs) -> Result<Discovery, String> {
    let project = Project::of_installed(programs, &[], String::new())?;
    let python = programs.python();
    let none = subject(&project, "none", &environment(&project, "empty", python)?);
    let filled = environment(&project, "filled", python)?;
    fill(&pinned::site_packages(&filled)?).map_err(|error| format!("packages: {error}"))?;
    let many = subject(&project, "many", &filled);
    for subject in [&none, &many] {
        project.prepare(&subject.root)?;
        project::settle(subject)?;
        Job::List.run(&project, subject, "", 0)?;
    }
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..plan.runs {
        for (subject, times) in [&none, &many].into_iter().zip(&mut times) {
            times.push(Job::List.run(&project, subject, "", 0)?);
        }
    }
    let [none, many] = times.map(|times| Samples::new(times).median());
    println!("plugins list: without packages {none:?}, with {PACKAGES} {many:?}");
    Ok(Discovery { none, many })
}

impl Discovery {
    /// What the packages cost.
    pub(crate) fn difference(&self) -> Duration {
        self.many.saturating_sub(self.none)
    }
}

/// A virtual environment without packages.
pub(super) fn environment(
    project: &Project<'_>,
    name: &str,
    python: &Path,
) -> Result<PathBuf, String> {
    let folder = project.folder(name);
    let made = Command::new(python)
        .args(["-m", "venv", "--without-pip"])
        .arg(&folder)
        .status()
        .map_err(|error| format!("{}: {error}", python.display()))?;
    if made.success() {
        Ok(folder)
    } else {
        Err(format!("{}: {made}", folder.display()))
    }
}

/// Our program with an environment, in a root of its own.
fn subject(project: &Project<'_>, root: &str, environment: &Path) -> Subject {
    let mut ours = project.ours();
    ours.root = project.folder(root);
    let python = environment.join("bin/python");
    ours.variables.push(("TUTOR_PYTHON", python));
    ours
}

/// Installs the packages.
fn fill(site: &Path) -> io::Result<()> {
    for number in 0..PACKAGES {
        let name = format!("p{number}");
        let module = "patches = {}\n";
        let package = if number % (PACKAGES / PLUGINS) == 0 {
            Package::new(&name, module)
        } else if number % HAS_PROGRAM == 1 {
            let points = format!("[console_scripts]\n{name} = {name}:main\n");
            Package::library(&name, module).entry_points(&points)
        } else {
            Package::library(&name, module)
        };
        package.install(site)?;
        let metadata = site.join(package.metadata()).join("METADATA");
        let identity = fs::read_to_string(&metadata)?;
        let line = format!("This package, {name}, is a package among others.\n");
        fs::write(
            metadata,
            format!("{identity}\n{}", line.repeat(DESCRIPTION)),
        )?;
    }
    Ok(())
}
