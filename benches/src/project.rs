//! Projects to measure in, with generated plugins or installed ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;

use tempfile::TempDir;
use tests::oracle::Oracle;
use tests::{binary, plugins_gen};

use crate::machine;
use crate::measure::Subject;
use crate::plan::SETTLED;

/// Settings of the core that both programs would draw. Not secrets of anybody.
const SECRETS: &str = include_str!("../../tests/oracle/secrets.yml");

/// The two programs.
pub(crate) struct Programs {
    ours: PathBuf,
    /// The Python that real Tutor is installed in.
    python: PathBuf,
    /// The templates of real Tutor.
    templates: PathBuf,
    /// What ours has in its environment besides.
    variables: Vec<(&'static str, PathBuf)>,
}

impl Programs {
    /// Builds or sets up what is not there yet.
    pub(crate) fn find() -> Result<Self, String> {
        let ours = binary::tutor()?;
        let oracle = Oracle::get()?;
        Ok(Self {
            ours,
            python: oracle.python(),
            templates: oracle.templates().to_owned(),
            variables: Vec::new(),
        })
    }

    /// The same with a Tutor that has Python plugins. Ours looks for plugins where that one does.
    pub(crate) fn with_plugins(python: &Path, templates: &Path) -> Result<Self, String> {
        Ok(Self {
            ours: binary::tutor()?,
            python: python.to_owned(),
            templates: templates.to_owned(),
            variables: vec![("TUTOR_PYTHON", python.to_owned())],
        })
    }

    /// The Python that real Tutor is installed in.
    pub(crate) fn python(&self) -> &Path {
        &self.python
    }

    /// What real Tutor is made of.
    pub(crate) fn versions(&self) -> Result<String, String> {
        machine::versions(&self.python)
    }
}

/// A plugins root, and a project root for each program.
pub(crate) struct Project<'a> {
    scratch: TempDir,
    programs: &'a Programs,
    names: Vec<String>,
    /// Lines of `config.yml` besides.
    settings: String,
}

impl<'a> Project<'a> {
    /// With `plugins` generated plugins, and plugins with `templates` template files.
    pub(crate) fn new(
        programs: &'a Programs,
        plugins: usize,
        templates: usize,
    ) -> Result<Self, String> {
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut project = Self {
            scratch,
            programs,
            names: Vec::new(),
            settings: String::new(),
        };
        let folder = project.plugins();
        let describe = |error: std::io::Error| format!("{}: {error}", folder.display());
        let generated = plugins_gen::generate_plugins(&folder, plugins).map_err(describe)?;
        project.names.extend(generated);
        let generated = plugins_gen::generate_templates(&folder, templates).map_err(describe)?;
        project.names.extend(generated);
        Ok(project)
    }

    /// With installed plugins, and lines of `config.yml`.
    pub(crate) fn of_installed(
        programs: &'a Programs,
        names: &[&str],
        settings: String,
    ) -> Result<Self, String> {
        let mut project = Self::new(programs, 0, 0)?;
        project.names = names.iter().map(|&name| name.to_owned()).collect();
        project.settings = settings;
        Ok(project)
    }

    /// How many plugins are enabled.
    pub(crate) fn size(&self) -> usize {
        self.names.len()
    }

    /// A folder of its own for whatever belongs to it.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// The plugins root.
    pub(crate) fn plugins(&self) -> PathBuf {
        self.folder("plugins")
    }

    /// Our program, in its root.
    pub(crate) fn ours(&self) -> Subject {
        Subject {
            variables: self.programs.variables.clone(),
            ..self.subject(self.programs.ours.clone(), "ours")
        }
    }

    /// Real Tutor, in its root.
    pub(crate) fn real(&self) -> Subject {
        self.subject(self.programs.python.with_file_name("tutor"), "real")
    }

    fn subject(&self, program: PathBuf, root: &str) -> Subject {
        Subject {
            program,
            root: self.folder(root),
            plugins: self.plugins(),
            templates: Some(self.programs.templates.clone()),
            variables: Vec::new(),
        }
    }

    /// A root as it is before the first save: the secrets are there, so that no key has to be generated.
    pub(crate) fn prepare(&self, root: &Path) -> Result<(), String> {
        let _ = fs::remove_dir_all(root);
        fs::create_dir_all(root).map_err(|error| error.to_string())?;
        let list = if self.names.is_empty() {
            String::from(" []\n")
        } else {
            format!("\n- {}\n", self.names.join("\n- "))
        };
        let config = format!("{SECRETS}{}PLUGINS:{list}", self.settings);
        fs::write(root.join("config.yml"), config).map_err(|error| error.to_string())
    }
}

/// Waits until no file is so young that its stamp says nothing, and lets the program see that.
pub(crate) fn settle(ours: &Subject) -> Result<(), String> {
    for _ in 0..2 {
        sleep(SETTLED);
        ours.time(&["config", "save"])?;
    }
    Ok(())
}

/// A comparison of speed means nothing if the results differ.
pub(crate) fn same_bytes(ours: &Subject, real: &Subject) -> Result<(), String> {
    let take = |subject: &Subject| tests::snapshot::take_root(&subject.root);
    let (ours, real) = (take(ours)?, take(real)?);
    let differs = |path: &&String| {
        ours.get(*path).map(|entry| &entry.bytes) != real.get(*path).map(|entry| &entry.bytes)
    };
    match ours.keys().chain(real.keys()).find(differs) {
        Some(path) => Err(format!("{path} differs between the two programs")),
        None => Ok(()),
    }
}
