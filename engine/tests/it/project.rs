//! A small project in memory: a template root of its own, plugins, and a session over them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::commands::{Options, SaveRequest, Saved, Session};
use engine::diagnostics::Diagnostics;
use engine::inputs::Changes;
use engine::profile::Profile;
use engine::system::MemorySystem;

pub(crate) struct Project {
    pub(crate) system: Arc<MemorySystem>,
    pub(crate) session: Session,
}

pub(crate) const BASE: &str = "ID: \"{{ 24|random_string }}\"\nPLUGINS: []\n";
pub(crate) const DEFAULTS: &str =
    "HOST: example.com\nSUB: \"sub.{{ HOST }}\"\nOTHER: other\nUNUSED: unused\n";

impl Project {
    /// A project with five templates, none of them saved yet.
    pub(crate) fn new() -> Self {
        let system = Arc::new(MemorySystem::new());
        system.put("/templates/config/base.yml", BASE);
        system.put("/templates/config/defaults.yml", DEFAULTS);
        system.put("/templates/apps/direct", "host {{ HOST }}");
        system.put("/templates/apps/indirect", "sub {{ SUB }}");
        system.put(
            "/templates/apps/patched",
            "before\n{{ patch('greeting') }}\nafter",
        );
        system.put("/templates/apps/partials/part", "other {{ OTHER }}");
        system.put(
            "/templates/apps/including",
            "{% include 'apps/partials/part' %}",
        );
        system.put("/templates/version", "{{ TUTOR_VERSION }}");
        Self {
            session: open(&system),
            system,
        }
    }

    /// The same project in another process.
    pub(crate) fn reopen(&mut self) {
        self.session = open(&self.system);
    }

    pub(crate) fn save(&mut self) -> Result<(Saved, Diagnostics), Diagnostics> {
        self.session.save(&SaveRequest::default(), &mut |_| ())
    }

    /// Saves, and answers how often each of the queries `names` ran, and which files were written.
    pub(crate) fn save_counting<const N: usize>(
        &mut self,
        names: [&str; N],
    ) -> ([usize; N], Vec<String>) {
        let mut written = Vec::new();
        let session = &mut self.session;
        // The log belongs to the database; the save needs the whole session.
        session.database().start_log();
        match session.save(&SaveRequest::default(), &mut |_| ()) {
            Ok((saved, _)) => {
                let env = Path::new("/root/env");
                let relative =
                    |path: &PathBuf| path.strip_prefix(env).unwrap().display().to_string();
                written.extend(saved.report.written.iter().map(relative));
            }
            Err(problems) => panic!("{problems:#?}"),
        }
        let log = session.database().take_log();
        let count = |name: &str| {
            log.iter()
                .filter(|entry| entry.split('(').next() == Some(name))
                .count()
        };
        (names.map(count), written)
    }

    /// Changes a file and tells the graph.
    pub(crate) fn edit(&mut self, path: &str, content: &str) {
        self.system.put(path, content);
        self.session
            .database()
            .apply(&Changes::Paths(vec![path.into()]));
    }

    /// Removes a file and tells the graph.
    pub(crate) fn remove(&mut self, path: &str) {
        self.system.take(path);
        self.session
            .database()
            .apply(&Changes::Paths(vec![path.into()]));
    }

    /// `config.yml` with a line more.
    pub(crate) fn add_to_config(&mut self, line: &str) {
        let config = self.system.text("/root/config.yml").unwrap();
        self.edit("/root/config.yml", &format!("{config}{line}\n"));
    }
}

fn open(system: &Arc<MemorySystem>) -> Session {
    Session::open(system.clone(), options(system, true))
}

/// Options for the project in `system`.
pub(crate) fn options(system: &Arc<MemorySystem>, no_cache: bool) -> Options {
    Options {
        root: "/root".into(),
        plugins_root: "/plugins".into(),
        templates_root: Some("/templates".into()),
        strict: false,
        no_cache,
        progress: Arc::default(),
        // The graph tells what it does only to those who measure.
        profile: Some(Profile::begin(system.clone())),
    }
}
