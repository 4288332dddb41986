//! How soon a watch has written what an edit of a plugin's module changes, beside the import of that plugin.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tests::today::{PLUGINS, Today};
use tests::{pinned, sandbox};

use super::SECRETS;
use super::reimport::Importer;
use crate::editor::rewrite;
use crate::measure::Samples;
use crate::plan::Plan;
use crate::project::{self, Programs, Project};
use crate::python::discovery::environment;
use crate::python::modules;
use crate::watched::RunningWatch;

/// Between two edits, so that nothing of the last one is still under way.
const PAUSE: Duration = Duration::from_millis(100);
/// How long the watch is left alone before its memory is looked at.
const CALM: Duration = Duration::from_secs(1);

/// What was measured.
pub(super) struct Watched {
    /// Plugin by plugin.
    pub(super) plugins: Vec<Edited>,
    /// Before the edits.
    pub(super) before: Memory,
    /// After them.
    pub(super) after: Memory,
    /// How many there were.
    pub(super) edits: usize,
}

/// A plugin whose module was edited.
pub(super) struct Edited {
    /// Its name.
    pub(super) name: &'static str,
    /// From the editor's last call to the line that tells of the save.
    pub(super) latency: Duration,
    /// The part of it that the save took.
    pub(super) saving: Duration,
    /// The import, right after such an edit: that module has to be compiled.
    pub(super) import: Duration,
    /// The import of what is compiled.
    pub(super) compiled: Duration,
}

/// Memory, in MiB.
#[derive(Clone, Copy)]
pub(super) struct Memory {
    /// Of the engine.
    pub(super) engine: f64,
    /// Of Python.
    pub(super) host: f64,
    /// How many processes of Python there are.
    pub(super) hosts: usize,
}

/// Measures by turns, in copies of the packages: one for the watch, one for the import.
pub(super) fn run(plan: &Plan, today: &Today) -> Result<Watched, String> {
    let programs = Programs::with_plugins(today.tutor_python(), today.templates())?;
    let project = Project::of_installed(&programs, &PLUGINS, SECRETS.to_owned())?;
    let site = today.python().with_file_name("..");
    let site = pinned::site_packages(&site)?;
    let venv = environment(&project, "watched", today.python())?;
    let watched = pinned::site_packages(&venv)?;
    copy(&site, &watched)?;
    let imported = project.folder("imported");
    copy(&site, &imported)?;

    let mut ours = project.ours();
    ours.variables
        .push(("TUTOR_PYTHON", venv.join("bin/python")));
    project.prepare(&ours.root)?;
    project::settle(&ours)?;
    let mut importer = Importer::start(today.tutor_python(), std::slice::from_ref(&imported))?;
    for module in modules(&PLUGINS) {
        importer.import(&module)?;
    }
    let watch = RunningWatch::start(&ours)?;
    sleep(CALM);
    let before = memory(&watch)?;
    let mut plugins = Vec::new();
    for (name, module) in PLUGINS.into_iter().zip(modules(&PLUGINS)) {
        let editors = [&watched, &imported].map(|site| Module::new(site, &module));
        let [in_watch, in_import] = editors;
        let (in_watch, in_import) = (in_watch?, in_import?);
        let mut times: [Vec<Duration>; 4] = Default::default();
        for number in 1..=plan.runs {
            let [latency, saving, import, compiled] = &mut times;
            let saved = in_watch.edit(number)?;
            let wrote = watch
                .wrote()
                .map_err(|problem| format!("after edit {number} of {name}: {problem}"))?;
            latency.push(wrote.at.saturating_duration_since(saved));
            saving.push(wrote.took);
            in_import.edit(number)?;
            import.push(importer.import(&module)?);
            compiled.push(importer.import(&module)?);
            sleep(PAUSE);
        }
        let [latency, saving, import, compiled] = times.map(|times| Samples::new(times).median());
        println!(
            "watch, {name}: latency {latency:?}, save {saving:?}, import {import:?}, compiled {compiled:?}"
        );
        plugins.push(Edited {
            name,
            latency,
            saving,
            import,
            compiled,
        });
    }
    sleep(CALM);
    Ok(Watched {
        edits: plan.runs * plugins.len(),
        plugins,
        before,
        after: memory(&watch)?,
    })
}

fn memory(watch: &RunningWatch) -> Result<Memory, String> {
    let (host, hosts) = watch.memory_of_children();
    Ok(Memory {
        engine: watch.memory()?,
        host,
        hosts,
    })
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    sandbox::copy_tree(from, to).map_err(|error| format!("{}: {error}", from.display()))
}

/// A plugin's module, as it was at first.
struct Module {
    path: PathBuf,
    text: String,
}

impl Module {
    fn new(site: &Path, module: &str) -> Result<Self, String> {
        let path = site.join(format!("{}.py", module.replace('.', "/")));
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { path, text })
    }

    /// Makes an edit: the module adds another text to a patch. Its size differs from that of the last edits, as Python
    /// tells texts by sizes and seconds.
    fn edit(&self, number: usize) -> Result<Instant, String> {
        let dots = ".".repeat(number % 50);
        let text = format!(
            "{}\n\nfrom tutor import hooks as edited\n\n\
             edited.Filters.ENV_PATCHES.add_item((\"openedx-lms-common-settings\", \"# Edit {number:04}{dots}\"))\n",
            self.text
        );
        rewrite(&self.path, &text).map_err(|error| format!("{}: {error}", self.path.display()))
    }
}
