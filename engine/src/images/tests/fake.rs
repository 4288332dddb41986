//! A Docker in memory, and a project with contexts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use crate::cache::{CacheFolder, Context};
use crate::diagnostics::{Diagnostic, Diagnostics, Failure};
use crate::images::docker::{Docker, Image, Order, Step, Web};
use crate::images::dockerfile::Document;
use crate::images::label::LABEL;
use crate::images::{Build, Decision, Happening, Keep, Manner, Memory, Pace, Planned, World, run};
use crate::system::OsSystem;

/// What the engine, registries and the web have.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) images: BTreeMap<String, Image>,
    pub(super) registry: BTreeMap<String, Image>,
    pub(super) web: BTreeMap<String, String>,
    /// Builds that were done, by name.
    pub(super) built: Vec<String>,
    /// The files that the last one was given.
    pub(super) files: Vec<String>,
    /// What builds say that they begin with.
    pub(super) from: Option<String>,
    /// Images whose builds fail.
    pub(super) failing: Vec<String>,
    /// Files that somebody writes while something is built: one in each build, the last first.
    pub(super) meanwhile: Vec<PathBuf>,
    /// What images were made by, by id.
    histories: BTreeMap<String, Vec<String>>,
    ids: usize,
}

#[derive(Debug, Default)]
pub(super) struct Fake(Mutex<State>);

impl Fake {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Has another image under a name, which is not ours.
    pub(super) fn import(&self, name: &str) {
        let mut state = self.state();
        state.ids += 1;
        let id = format!("sha256:{}", state.ids);
        state.images.insert(
            name.into(),
            Image {
                id,
                ..Image::default()
            },
        );
    }
}

/// What the stage of a build has.
fn history(order: &Order<'_>) -> Vec<String> {
    let text = std::fs::read_to_string(&order.dockerfile).unwrap();
    let mut stages: Vec<Vec<String>> = Vec::new();
    for instruction in Document::parse(&text).unwrap().instructions {
        match (instruction.keyword.as_str(), stages.last_mut()) {
            ("FROM", _) => stages.push(Vec::new()),
            (keyword, Some(stage)) => stage.push(format!("{keyword} {}", instruction.text)),
            _ => {}
        }
    }
    let target = order
        .build
        .target
        .as_ref()
        .and_then(|target| target.parse().ok());
    stages.remove(target.unwrap_or(stages.len() - 1))
}

fn missing(what: &str) -> Failure {
    Diagnostic::error("test", format!("no {what}")).into()
}

impl Docker for Fake {
    fn platform(&self) -> String {
        "linux/amd64".into()
    }
    fn inspect(&self, names: &[&str]) -> Vec<Result<Option<Image>, Failure>> {
        let state = self.state();
        names
            .iter()
            .map(|name| Ok(state.images.get(*name).cloned()))
            .collect()
    }
    fn history(&self, name: &str) -> Result<Vec<String>, Failure> {
        Ok(self
            .state()
            .histories
            .get(name)
            .cloned()
            .unwrap_or_default())
    }
    fn digest(&self, name: &str) -> Result<Option<String>, Failure> {
        Ok(self
            .state()
            .registry
            .get(name)
            .map(|image| image.id.clone()))
    }
    fn remote_labels(&self, name: &str) -> Result<Option<BTreeMap<String, String>>, Failure> {
        Ok(self
            .state()
            .registry
            .get(name)
            .map(|image| image.labels.clone()))
    }
    fn remote_on_build(&self, name: &str) -> Result<Option<bool>, Failure> {
        let name = name.split('@').next().unwrap_or_default();
        Ok(self
            .state()
            .registry
            .get(name)
            .map(|image| image.has_on_build))
    }
    fn web(&self, url: &str, etag: Option<&str>) -> Result<Web, Failure> {
        let content = self
            .state()
            .web
            .get(url)
            .cloned()
            .ok_or_else(|| missing(url))?;
        let now = format!("etag of {content}");
        Ok(match etag {
            Some(etag) if etag == now => Web::Same,
            _ => Web::File {
                etag: Some(now),
                content,
            },
        })
    }
    fn canonical(&self, name: &str) -> Result<String, Failure> {
        if name.contains(' ') {
            return Err(missing("such name"));
        }
        let tagged = if name.contains(':') {
            name.to_owned()
        } else {
            format!("{name}:latest")
        };
        Ok(tagged)
    }
    fn build(&self, order: &Order<'_>, events: &mut dyn FnMut(Step)) -> Result<String, Failure> {
        let mut state = self.state();
        let from = state.from.clone().unwrap_or_default();
        events(Step::Started(0, format!("[1/1] FROM {from}")));
        state.built.push(order.build.name.clone());
        state.files.clone_from(&order.files);
        if let Some(path) = state.meanwhile.pop() {
            std::fs::write(path, "meanwhile").unwrap();
        }
        if state.failing.contains(&order.build.name) {
            return Err(missing("luck"));
        }
        state.ids += 1;
        let id = format!("sha256:{}", state.ids);
        let label = order
            .fingerprint
            .clone()
            .map(|label| (LABEL.to_owned(), label));
        let image = Image {
            id: id.clone(),
            labels: label.into_iter().collect(),
            ..Image::default()
        };
        state.histories.insert(id.clone(), history(order));
        for tag in &order.build.tags {
            state.images.insert(tag.clone(), image.clone());
        }
        Ok(id)
    }
    fn pull(&self, name: &str, _events: &mut dyn FnMut(Step)) -> Result<(), Failure> {
        let mut state = self.state();
        let image = state
            .registry
            .get(name)
            .cloned()
            .ok_or_else(|| missing(name))?;
        state.images.insert(name.into(), image);
        Ok(())
    }
    fn push(&self, name: &str, _events: &mut dyn FnMut(Step)) -> Result<(), Failure> {
        let mut state = self.state();
        let image = state
            .images
            .get(name)
            .cloned()
            .ok_or_else(|| missing(name))?;
        state.registry.insert(name.into(), image);
        Ok(())
    }
}

/// A folder with contexts, and builds of them.
pub(super) struct World1 {
    folder: tempfile::TempDir,
    pub(super) docker: Fake,
    pub(super) manner: Manner,
    /// Where things are remembered.
    pub(super) state: &'static str,
}

impl World1 {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for state in ["state", "other"] {
            std::fs::create_dir(folder.path().join(state)).unwrap();
        }
        Self {
            folder,
            docker: Fake::default(),
            manner: Manner::default(),
            state: "state",
        }
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(super) fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A build of the context `name`, tagged `name:1`.
    pub(super) fn build(&self, name: &str) -> Build {
        Build {
            name: name.into(),
            tags: vec![format!("{name}:1")],
            context: self.path(name).display().to_string(),
            ..Build::default()
        }
    }

    fn with<T>(&self, then: impl FnOnce(&World<'_>) -> T) -> T {
        let system = OsSystem;
        let keep = Keep {
            folder: CacheFolder::new(Path::new(&self.path(self.state))),
            context: Context::new([&b"test"[..]]),
        };
        let memory = Memory::new(&system, Some(&keep));
        then(&World {
            system: &system,
            docker: &self.docker,
            keep: Some(&keep),
            memory: &memory,
            manner: self.manner,
        })
    }

    pub(super) fn plan(
        &self,
        builds: &[Build],
    ) -> Result<(Vec<Planned>, Diagnostics), Diagnostics> {
        self.with(|world| world.plan(builds))
    }

    /// What is to be done about one image.
    pub(super) fn decision(&self, build: &Build) -> String {
        let (planned, problems) = self.plan(std::slice::from_ref(build)).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        planned[0].decision.to_string()
    }

    /// Does what is to be done, with what happened.
    pub(super) fn run(
        &self,
        builds: &[Build],
        jobs: usize,
        keep_going: bool,
    ) -> (bool, Vec<String>) {
        self.with(|world| {
            let (planned, _) = world.plan(builds).unwrap();
            let mut told = Vec::new();
            let outcome = run(
                world,
                &planned,
                Pace { jobs, keep_going },
                &mut |at, happening| {
                    let name = &planned[at].looked.build.name;
                    match happening {
                        Happening::Decided(decision) => told.push(format!("{name}: {decision}")),
                        Happening::Failed(failure) => {
                            told.push(format!("{name} failed: {}", failure.message));
                        }
                        Happening::LeftOut(other) => told.push(format!("{name} left out: {other}")),
                        Happening::Done | Happening::Step(_) => {}
                    }
                },
            );
            (outcome.is_complete, told)
        })
    }

    /// Builds one image, whatever is there.
    pub(super) fn made(&self, build: &Build) {
        let (is_complete, told) = self.run(std::slice::from_ref(build), 1, false);
        assert!(is_complete, "{told:?}");
        assert_eq!(self.decision(build), Decision::Unchanged.to_string());
    }
}
