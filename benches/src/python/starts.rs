//! That Python is started only when what is remembered does not answer.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::thread::sleep;

use crate::compare::SETTING;
use crate::job::Job;
use crate::plan::SETTLED;
use crate::project::{self, Project};

/// Commands that have nothing to ask.
const WARM: [Job; 4] = [Job::Nothing, Job::OneSetting, Job::PrintValue, Job::List];

/// Runs the commands once with a Python that notes when it is started. An error if it is.
pub(crate) fn none_when_warm(project: &Project<'_>, python: &Path) -> Result<(), String> {
    let noting = Noting::new(&project.folder("noting"), python)
        .map_err(|error| format!("a Python that notes its starts: {error}"))?;
    let mut ours = project.ours();
    ours.root = project.folder("noted");
    ours.variables.push(("TUTOR_PYTHON", noting.python.clone()));
    project.prepare(&ours.root)?;
    // What was written just now may change again at the same time.
    sleep(SETTLED);
    project::settle(&ours)?;
    let before = noting.starts();
    if before == 0 {
        return Err(String::from(
            "a save that has to start Python was not seen to",
        ));
    }
    for job in WARM {
        job.run(project, &ours, SETTING, 1)?;
        if noting.starts() != before {
            return Err(format!("{}: Python was started", job.name()));
        }
    }
    println!("no warm command starts Python");
    Ok(())
}

/// A Python that notes its starts: a virtual environment with the packages of another one.
struct Noting {
    python: PathBuf,
    log: PathBuf,
}

impl Noting {
    fn new(folder: &Path, python: &Path) -> std::io::Result<Self> {
        let noting = Self {
            python: folder.join("bin/python"),
            log: folder.join("starts"),
        };
        let packages = python.with_file_name("../lib").canonicalize()?;
        let base = python.canonicalize()?;
        let home = base.parent().unwrap_or(&base);
        let configuration = format!("home = {}\n", home.display());
        let script = format!(
            "#!/bin/bash\necho started >> {}\nexec -a \"$0\" {} \"$@\"\n",
            noting.log.display(),
            base.display()
        );
        fs::create_dir_all(folder.join("bin"))?;
        fs::write(folder.join("pyvenv.cfg"), configuration)?;
        symlink(packages, folder.join("lib"))?;
        fs::write(&noting.python, script)?;
        fs::set_permissions(&noting.python, Permissions::from_mode(0o755))?;
        Ok(noting)
    }

    /// How often it was started.
    fn starts(&self) -> usize {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().count()
    }
}
