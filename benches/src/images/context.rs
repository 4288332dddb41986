//! A large build context: hashed for the first time, and looked at again.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use tests::lab::{BASE, LabEngine};

use super::{Project, write};
use crate::measure::Samples;
use crate::plan::{Plan, SETTLED};

/// What was measured with one context.
pub(super) struct Context {
    /// Its files.
    pub(super) files: usize,
    /// Their bytes, together.
    pub(super) bytes: u64,
    /// `images build --plan` that has to read all of it.
    pub(super) first: Duration,
    /// The same when nothing has changed.
    pub(super) again: Duration,
    /// One thread that does nothing but read the files, from the same memory.
    pub(super) reading: Duration,
}

/// Measures.
pub(super) fn run(plan: &Plan, engine: &LabEngine) -> Result<Context, String> {
    let project = Project::new(engine, 1)?;
    let [image] = &project.images[..] else {
        return Err(String::from("one image was asked for"));
    };
    let dockerfile = format!("FROM {BASE}\nCOPY . /here\n");
    project.put(&image.template("Dockerfile"), &dockerfile)?;
    let ours = project.ours()?;
    ours.time(&["config", "save"])?;
    let folder = project.context(image).join("files");
    let size = plan.context_bytes / plan.context_files.max(1);
    let mut paths = Vec::with_capacity(plan.context_files);
    for number in 0..plan.context_files {
        let path = folder.join(format!("{}/{number}", number / 100));
        let mut content = vec![b'x'; size];
        let mark = number.to_string();
        let length = mark.len().min(size);
        content[..length].copy_from_slice(&mark.as_bytes()[..length]);
        write(&path, &content)?;
        paths.push(path);
    }
    std::thread::sleep(SETTLED);
    let cache = project.path("root/.tutor/cache");
    let plan_only = project.words(&["images", "build", "--plan"]);
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..plan.real_runs(0) {
        let started = Instant::now();
        for path in &paths {
            black_box(fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?);
        }
        times[0].push(started.elapsed());
        let _ = fs::remove_dir_all(&cache);
        times[1].push(ours.time(&plan_only)?);
        times[2].push(ours.time(&plan_only)?);
    }
    let [reading, first, again] = times.map(|times| Samples::new(times).median());
    println!("context: reading {reading:?}, first {first:?}, again {again:?}");
    Ok(Context {
        files: paths.len(),
        bytes: (size * paths.len()) as u64,
        first,
        again,
        reading,
    })
}
