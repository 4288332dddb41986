//! A place to build at: an engine of the lab, a folder, and what came of a build.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use docker::{BuildSpec, Built, Cancel, Engine, Environment, Error, Event};
use tests::lab::{Images, Lab, LabEngine};

/// A place to build at.
pub(crate) struct Bench {
    pub(crate) lab: &'static Lab,
    pub(crate) of: LabEngine,
    pub(crate) engine: Engine,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) images: Images,
}

/// Runs `test` at every engine of the lab.
pub(crate) fn everywhere(test: &str, run: impl Fn(Bench)) {
    let Some(lab) = Lab::get(test) else { return };
    for engine in lab.engines() {
        run(Bench::at(lab, engine));
    }
}

/// Runs `test` at the most recent engine of the lab.
pub(crate) fn at_newest(test: &str, run: impl FnOnce(Bench)) {
    let Some(lab) = Lab::get(test) else { return };
    run(Bench::at(lab, lab.newest()));
}

pub(crate) fn environment(of: &LabEngine, changes: &[(&str, &str)]) -> Environment {
    let mut variables = of.variables();
    variables.extend(
        changes
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned())),
    );
    Environment::new(variables, None)
}

impl Bench {
    fn at(lab: &'static Lab, of: LabEngine) -> Self {
        let engine = Engine::connect(&environment(&of, &[])).unwrap();
        Self {
            lab,
            images: Images::of(&of),
            of,
            engine,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Writes a file into the context.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Writes a script into a folder.
    pub(crate) fn script(folder: &Path, name: &str, text: &str) {
        let file = folder.join(name);
        fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A build of the context's Dockerfile under a name of its own.
    pub(crate) fn spec(&mut self) -> BuildSpec {
        BuildSpec {
            context: self.folder.path().to_path_buf(),
            dockerfile: "Dockerfile".into(),
            tags: vec![self.images.name("built")],
            ..BuildSpec::default()
        }
    }

    /// Builds.
    pub(crate) fn try_build(&self, spec: &BuildSpec) -> (Result<Built, Error>, Vec<Event>) {
        let mut events = Vec::new();
        let built = self
            .engine
            .build(spec, &mut |event| events.push(event), &Cancel::new());
        (built, events)
    }

    /// Builds, which must work.
    pub(crate) fn build(&self, spec: &BuildSpec) -> (Built, Vec<Event>) {
        let (built, events) = self.try_build(spec);
        match built {
            Ok(built) => (built, events),
            Err(error) => panic!("{} ({}): {events:#?}", error, self.of.name),
        }
    }

    /// What a command prints in an image.
    pub(crate) fn inside(&self, image: &str, command: &str) -> String {
        self.of
            .run(&["run", "--rm", "--network=none", image, "sh", "-c", command])
    }
}

/// The lines that steps printed.
pub(crate) fn log(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Log { line, .. } => Some(line.as_str()),
            _ => None,
        })
        .collect()
}
