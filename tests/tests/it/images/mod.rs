//! `tutor images …` with real engines and registries: does ours skip exactly what BuildKit finds in its cache?

mod engines;
mod errors;
mod matrix;
mod registry;
mod remote;
mod row;
mod servers;
mod tutors;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use serde_json::Value as Json;
use tests::binary;
use tests::lab::{BASE, Images, Lab, LabEngine};
use tests::oracle::Answer;
use tests::sandbox::finish;

/// Who wipes an engine's cache holds it alone.
static CACHES: RwLock<()> = RwLock::new(());

/// The lab, whose engines keep their caches as long as the guard is held.
pub(super) fn lab(test: &str) -> Option<(&'static Lab, RwLockReadGuard<'static, ()>)> {
    let lab = Lab::get(test)?;
    Some((lab, CACHES.read().unwrap_or_else(PoisonError::into_inner)))
}

/// The label with the fingerprint.
const LABEL: &str = "tutor.fingerprint";

/// A project whose plugin has images, and an engine.
pub(super) struct Project {
    pub(super) engine: LabEngine,
    pub(super) images: Images,
    /// A text that is in no other run's steps, since engines keep caches from run to run; within a run, what projects
    /// begin with is found in the cache, which saves minutes.
    pub(super) mark: String,
    /// The tag of the image `i`.
    pub(super) tag: String,
    /// A base image of its own.
    pub(super) base: String,
    /// An image of its own, to copy from.
    pub(super) tools: String,
    folder: tempfile::TempDir,
    /// The images that are built.
    pub(super) names: Vec<&'static str>,
    /// Further arguments of all builds.
    pub(super) more: Vec<String>,
    /// Variables on top.
    pub(super) variables: Vec<(String, String)>,
}

/// What a build did, by what BuildKit says.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Instructions that were carried out.
    pub(super) ran: Vec<String>,
    /// Instructions that were found in the cache.
    pub(super) cached: Vec<String>,
    /// All other steps.
    pub(super) others: Vec<String>,
}

impl Project {
    /// One with the image `i`, whose Dockerfile is `dockerfile`: `@base@`, `@tools@` and `@mark@` are filled in.
    pub(super) fn new(engine: &LabEngine, dockerfile: &str) -> Self {
        let mut images = Images::of(engine);
        let [tag, base, tools] = ["i", "base", "tools"].map(|name| images.name(name));
        let project = Self {
            engine: engine.clone(),
            images,
            mark: format!("mark-{}", std::process::id()),
            tag,
            base,
            tools,
            folder: tempfile::Builder::new()
                .prefix("tutor-images-")
                .tempdir()
                .unwrap(),
            names: vec!["i"],
            more: Vec::new(),
            variables: Vec::new(),
        };
        project.put("root/config.yml", "PLUGINS: [ours]\n");
        project.put("home/.keep", "");
        project.plugin(&[("i", &project.tag)]);
        project.dockerfile("i", dockerfile);
        project.engine.run(&["tag", BASE, &project.base]);
        project
    }

    /// Has the plugin's images be these: name and tag.
    pub(super) fn plugin(&self, images: &[(&str, &str)]) {
        let templates = self.path("templates");
        let mut text = format!("name: ours\ntemplates: {}\nhooks:\n", templates.display());
        for hook in ["build-image", "remote-image"] {
            text.push_str(&format!("  {hook}:\n"));
            for (name, tag) in images {
                text.push_str(&format!("    {name}: \"{tag}\"\n"));
            }
        }
        self.put("plugins/ours.yml", &text);
    }

    /// Writes the template of a Dockerfile.
    pub(super) fn dockerfile(&self, image: &str, text: &str) {
        self.template(image, "Dockerfile", &self.filled(text));
    }

    /// `text` with the placeholders filled in.
    pub(super) fn filled(&self, text: &str) -> String {
        text.replace("@base@", &self.base)
            .replace("@tools@", &self.tools)
            .replace("@mark@", &self.mark)
    }

    /// Writes a template of the image's build context.
    pub(super) fn template(&self, image: &str, path: &str, text: &str) {
        self.put(&format!("templates/ours/build/{image}/{path}"), text);
    }

    /// Renders.
    pub(super) fn save(&self) {
        let saved = self.tutor(&["config", "save"]);
        assert_eq!(saved.status, 0, "{}", saved.stderr);
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A path in the build context of the image `i`.
    pub(super) fn context(&self, path: &str) -> PathBuf {
        self.path("root/env/plugins/ours/build/i").join(path)
    }

    /// Writes a file of the project.
    pub(super) fn put(&self, path: &str, text: &str) {
        write(&self.path(path), text);
    }

    /// Makes an image of one file by hand.
    pub(super) fn import(&self, name: &str, file: &str, text: &str) {
        let tree = tempfile::tempdir().unwrap();
        write(&tree.path().join(file), text);
        let mut tar = Command::new("tar")
            .arg("-C")
            .arg(tree.path())
            .args(["-c", "."])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let status = self
            .engine
            .docker(&["import", "-", name])
            .stdin(tar.stdout.take().unwrap())
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success() && tar.wait().unwrap().success());
    }

    /// Builds an image by hand, without this program.
    pub(super) fn by_hand(&self, name: &str, dockerfile: &str) {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("Dockerfile"), &self.filled(dockerfile));
        write(&folder.path().join("f"), &self.mark);
        let folder = folder.path().display().to_string();
        self.engine
            .run(&["build", "--quiet", "--tag", name, &folder]);
    }

    /// The command `tutor`, in another root if there is one.
    pub(super) fn command(&self, root: &str, args: &[&str]) -> Command {
        let mut command = Command::new(binary::tutor().unwrap());
        command
            .args(args)
            .env_clear()
            .envs(self.engine.variables())
            .env("HOME", self.path("home"))
            .env("LANG", "C.UTF-8")
            .env("TUTOR_IGNORE_ENTRYPOINT_PLUGINS", "1")
            .env("TUTOR_PLUGINS_ROOT", self.path("plugins"))
            .env("TUTOR_ROOT", self.path(root))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path());
        command
    }

    /// Runs `tutor`.
    pub(super) fn tutor(&self, args: &[&str]) -> Answer {
        self.tutor_in("root", args)
    }

    /// Runs `tutor` in another root.
    pub(super) fn tutor_in(&self, root: &str, args: &[&str]) -> Answer {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let scratch = self.path(&format!("output-{number}"));
        finish(self.command(root, args), &scratch).unwrap()
    }

    /// Runs `tutor images build`, which must work, with further arguments; answers standard output.
    pub(super) fn build(&self, more: &[&str]) -> String {
        let answer = self.try_build(more);
        assert_eq!(
            answer.status, 0,
            "{more:?} at {}: {}{}",
            self.engine.name, answer.stdout, answer.stderr
        );
        answer.stdout
    }

    /// Runs `tutor images build` with further arguments.
    pub(super) fn try_build(&self, more: &[&str]) -> Answer {
        let mut args = vec!["images", "build", "--no-registry-cache"];
        args.extend(&self.names);
        args.extend(self.more.iter().map(String::as_str));
        args.extend(more);
        self.tutor(&args)
    }

    /// What ours would do about the image `i`.
    pub(super) fn plan(&self, more: &[&str]) -> String {
        self.said("i", &[&["--plan"], more].concat())
    }

    /// What `images build` says that it does about an image.
    pub(super) fn said(&self, image: &str, more: &[&str]) -> String {
        let told = self.build(more);
        let begin = format!("{image}: ");
        let mut lines = told.lines().filter_map(|line| line.strip_prefix(&begin));
        lines.next().unwrap_or_else(|| panic!("{told}")).to_owned()
    }

    /// Builds whatever ours thinks of it, and looks at what BuildKit does.
    pub(super) fn force(&self, more: &[&str]) -> Done {
        let told = self.build(&[&["--force", "--format", "json"], more].concat());
        let mut names: Vec<String> = Vec::new();
        let mut done = Done::default();
        for line in told.lines() {
            let event: Json = serde_json::from_str(line).unwrap();
            let number = event["step"].as_u64().unwrap_or_default() as usize;
            match event["event"].as_str().unwrap() {
                "step" => names.push(event["name"].as_str().unwrap().to_owned()),
                "cached" if is_instruction(&names[number]) => {
                    done.cached.push(names[number].clone());
                }
                "finished" if is_instruction(&names[number]) => {
                    done.ran.push(names[number].clone());
                }
                _ => {}
            }
        }
        let others = names.into_iter().filter(|name| !is_instruction(name));
        done.others = others.collect();
        // What ADD fetches is a step of the same name, which is carried out whatever comes of it.
        done.ran.retain(|name| !done.cached.contains(name));
        assert!(!done.ran.is_empty() || !done.cached.is_empty(), "{told}");
        done
    }

    /// What an image is, but for the label with the fingerprint.
    pub(super) fn image(&self, tag: &str) -> Json {
        let text = self
            .engine
            .run(&["image", "inspect", "--format", "{{json .}}", tag]);
        let image: Json = serde_json::from_str(&text).unwrap();
        let mut config = image["Config"].clone();
        if let Some(labels) = config["Labels"].as_object_mut() {
            labels.remove(LABEL);
        }
        serde_json::json!([image["RootFS"], config])
    }

    /// Whether the engine has an image.
    pub(super) fn has(&self, tag: &str) -> bool {
        let mut inspect = self.engine.docker(&["image", "inspect", tag]);
        inspect.output().unwrap().status.success()
    }
}

/// Writes a file, with the folders that it is in.
pub(super) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Whether a step is an instruction of a Dockerfile (`[stage 2/3] RUN x`), or a fetch for one; whether BuildKit calls
/// base images cached says nothing.
fn is_instruction(name: &str) -> bool {
    let instruction = name
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] "));
    instruction.is_some_and(|(position, text)| position.contains('/') && !text.starts_with("FROM "))
}
