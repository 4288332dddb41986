//! Images: skipping those that are unchanged, beside `docker buildx build` with everything in its cache.

mod context;
mod section;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tests::binary;
use tests::lab::{BASE, Images, Lab, LabEngine};

use crate::measure::{Samples, Subject};
use crate::plan::Plan;

use self::context::Context;
pub(crate) use self::section::NOT_MEASURED;

/// Files in the context of each image.
const FILES: usize = 20;

/// What was measured.
pub(crate) struct Measured {
    rows: Vec<Row>,
    context: Context,
    engine: String,
}

/// Some images, all of them unchanged.
struct Row {
    images: usize,
    ours: Duration,
    /// Without asking the engine for what is in registries and elsewhere.
    offline: Duration,
    buildx: Duration,
}

/// Measures; nothing where there is no engine.
pub(crate) fn run(plan: &Plan) -> Result<Option<Measured>, String> {
    let Some(lab) = Lab::get("the benchmark of images") else {
        return Ok(None);
    };
    let engine = lab.newest();
    let rows = plan.images.iter().map(|&count| row(plan, &engine, count));
    Ok(Some(Measured {
        rows: rows.collect::<Result<_, _>>()?,
        context: context::run(plan, &engine)?,
        engine: engine.run(&["version", "--format", "{{.Server.Version}}"]),
    }))
}

fn row(plan: &Plan, engine: &LabEngine, count: usize) -> Result<Row, String> {
    let project = Project::new(engine, count)?;
    for image in &project.images {
        for file in 0..FILES {
            let text = format!("{} {file}\n", image.name);
            project.put(&image.template(&format!("f{file}")), &text)?;
        }
        let dockerfile = format!(
            "FROM {BASE}\nCOPY . /here\nRUN echo {} > /name\n",
            image.name
        );
        project.put(&image.template("Dockerfile"), &dockerfile)?;
    }
    let ours = project.ours()?;
    ours.time(&["config", "save"])?;
    let build = project.words(&["images", "build"]);
    let offline = project.words(&["images", "build", "--offline"]);
    ours.time(&build)?;
    project.build_all()?;
    // The last build of a tag is not ours: it is built, out of the cache, for the last time.
    ours.time(&build)?;
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..plan.runs {
        times[0].push(ours.time(&build)?);
        times[1].push(ours.time(&offline)?);
    }
    let [ours, offline] = times.map(|times| Samples::new(times).median());
    let runs = if count >= 100 { 1 } else { plan.real_runs(0) };
    let buildx = (0..runs).map(|_| project.build_all());
    let buildx = Samples::new(buildx.collect::<Result<_, _>>()?).median();
    println!("{count} images unchanged: ours {ours:?}, offline {offline:?}, buildx {buildx:?}");
    Ok(Row {
        images: count,
        ours,
        offline,
        buildx,
    })
}

/// One image of a project.
struct Image {
    name: String,
    tag: String,
}

impl Image {
    /// Where a template of its context is.
    fn template(&self, path: &str) -> String {
        format!("templates/bench/build/{}/{path}", self.name)
    }
}

/// A project whose plugin has images.
struct Project {
    folder: TempDir,
    engine: LabEngine,
    images: Vec<Image>,
    /// Takes them away again.
    _made: Images,
}

impl Project {
    fn new(engine: &LabEngine, count: usize) -> Result<Self, String> {
        let mut made = Images::of(engine);
        let images = (0..count).map(|number| {
            let name = format!("image{number}");
            let tag = made.name(&name);
            Image { name, tag }
        });
        let project = Self {
            folder: tempfile::tempdir().map_err(|error| error.to_string())?,
            engine: engine.clone(),
            images: images.collect(),
            _made: made,
        };
        project.put("root/config.yml", "PLUGINS: [bench]\n")?;
        let templates = project.path("templates");
        let mut text = format!(
            "name: bench\ntemplates: {}\nhooks:\n  build-image:\n",
            templates.display()
        );
        for image in &project.images {
            let _ = writeln!(text, "    {}: \"{}\"", image.name, image.tag);
        }
        project.put("plugins/bench.yml", &text)?;
        fs::create_dir_all(templates.join("bench/build")).map_err(|error| error.to_string())?;
        Ok(project)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The words of a command, and the images of the project: the core's cannot be built without the internet.
    fn words<'a>(&'a self, words: &[&'a str]) -> Vec<&'a str> {
        let names = self.images.iter().map(|image| &*image.name);
        words.iter().copied().chain(names).collect()
    }

    /// The build context of an image.
    fn context(&self, image: &Image) -> PathBuf {
        self.path("root/env/plugins/bench/build").join(&image.name)
    }

    fn put(&self, path: &str, text: &str) -> Result<(), String> {
        write(&self.path(path), text.as_bytes())
    }

    /// Our program, with the engine.
    fn ours(&self) -> Result<Subject, String> {
        let variable = |name: &'static str, value: &Path| (name, value.to_owned());
        Ok(Subject {
            program: binary::tutor()?,
            root: self.path("root"),
            plugins: self.path("plugins"),
            templates: None,
            variables: vec![
                variable("DOCKER_HOST", Path::new(&self.engine.host)),
                variable("DOCKER_CONFIG", &self.engine.client),
                variable("PATH", Path::new(&self.engine.path)),
                variable("TUTOR_IGNORE_ENTRYPOINT_PLUGINS", Path::new("1")),
            ],
        })
    }

    /// What Tutor does: `docker buildx build` for one image after the other.
    fn build_all(&self) -> Result<Duration, String> {
        let started = Instant::now();
        for image in &self.images {
            let context = self.context(image).display().to_string();
            let args = [
                "buildx",
                "build",
                "--quiet",
                "--tag",
                &image.tag,
                "--output=type=docker",
                &context,
            ];
            let output = self.engine.docker(&args).output();
            let output = output.map_err(|error| format!("docker: {error}"))?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned());
            }
        }
        Ok(started.elapsed())
    }
}

fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .map_err(|error| format!("{}: {error}", path.display()))
}
