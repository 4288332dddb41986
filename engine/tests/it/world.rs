//! The real file system in a folder of its own, with an environment and a clock that the test sets.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::system::{Conversation, Entry, FileKind, Lock, Node, OsSystem, Output, Stamp, System};

/// The operating system, but for variables, home and the clock.
#[derive(Debug, Default)]
pub(crate) struct TestSystem {
    variables: Mutex<BTreeMap<String, String>>,
    /// How many seconds the clock is ahead.
    ahead: AtomicI64,
}

impl TestSystem {
    pub(crate) fn set_variable(&self, name: &str, value: Option<&str>) {
        let mut variables = self.variables.lock().unwrap();
        match value {
            Some(value) => variables.insert(name.into(), value.into()),
            None => variables.remove(name),
        };
    }
    pub(crate) fn set_clock_ahead(&self, seconds: i64) {
        self.ahead.store(seconds, Ordering::Relaxed);
    }
}

/// Passes calls on to the operating system.
macro_rules! pass_on {
    ($(fn $name:ident(&self $(, $arg:ident: $type:ty)*) -> $answer:ty;)*) => {
        $(fn $name(&self $(, $arg: $type)*) -> $answer { OsSystem.$name($($arg),*) })*
    };
}

impl System for TestSystem {
    pass_on! {
        fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
        fn read_stamped(&self, path: &Path) -> io::Result<(Vec<u8>, Stamp)>;
        fn stamp(&self, path: &Path) -> io::Result<Option<Stamp>>;
        fn kind(&self, path: &Path) -> io::Result<Option<FileKind>>;
        fn list(&self, path: &Path) -> io::Result<Vec<Entry>>;
        fn nodes(&self, path: &Path) -> io::Result<Vec<Node>>;
        fn node(&self, path: &Path) -> io::Result<Option<Node>>;
        fn link(&self, path: &Path) -> io::Result<PathBuf>;
        fn hash(&self, path: &Path) -> io::Result<(blake3::Hash, Stamp)>;
        fn resolve(&self, path: &Path) -> PathBuf;
        fn output(
            &self,
            program: &str,
            args: &[&str],
            variables: &[(&str, &str)],
            patience: Duration
        ) -> io::Result<Output>;
        fn random(&self, buffer: &mut [u8]) -> io::Result<()>;
        fn monotonic(&self) -> Duration;
        fn boot(&self) -> String;
        fn user_id(&self) -> u32;
        fn create_folders(&self, path: &Path) -> io::Result<Vec<PathBuf>>;
        fn create_private_folder(&self, path: &Path) -> io::Result<bool>;
        fn reserve(&self, path: &Path, length: u64) -> io::Result<bool>;
        fn write(&self, path: &Path, content: &[u8]) -> io::Result<()>;
        fn write_private(&self, path: &Path, content: &[u8]) -> io::Result<()>;
        fn replace_private(&self, path: &Path, content: &[u8], durable: bool) -> io::Result<()>;
        fn forget_replacement(&self, path: &Path) -> io::Result<()>;
        fn remove_file(&self, path: &Path) -> io::Result<()>;
        fn remove_folder(&self, path: &Path) -> io::Result<()>;
        fn remove_tree(&self, path: &Path) -> io::Result<()>;
        fn rename_folder(&self, from: &Path, to: &Path) -> io::Result<()>;
        fn run_shell(&self, command: &str) -> io::Result<Option<i32>>;
        fn lock(&self, path: &Path, waiting: &mut dyn FnMut()) -> io::Result<Box<dyn Lock>>;
        fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>>;
    }
    fn converse(
        &self,
        program: &Path,
        args: &[&str],
        terminal: bool,
    ) -> io::Result<Box<dyn Conversation>> {
        // The program sees what we see.
        let mut all = vec![String::from("--ignore-environment")];
        let variables = self.variables("").into_iter();
        all.extend(variables.map(|(name, value)| format!("{name}={value}")));
        all.push(program.display().to_string());
        all.extend(args.iter().map(|arg| (*arg).to_owned()));
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        OsSystem.converse(Path::new("/usr/bin/env"), &all, terminal)
    }
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.lock().unwrap().get(name).cloned()
    }
    fn variables(&self, prefix: &str) -> Vec<(String, String)> {
        let variables = self.variables.lock().unwrap();
        let found = variables
            .iter()
            .filter(|(name, _)| name.starts_with(prefix));
        found
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
    fn home(&self) -> Option<PathBuf> {
        Some("/home/nobody".into())
    }
    fn now(&self) -> Duration {
        let ahead = self.ahead.load(Ordering::Relaxed);
        let now = OsSystem.now();
        let shift = Duration::from_secs(ahead.unsigned_abs());
        if ahead < 0 {
            now.saturating_sub(shift)
        } else {
            now + shift
        }
    }
}

/// A project with a template root and plugins, below one folder.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

const TEMPLATES: [(&str, &str); 9] = [
    (
        "config/base.yml",
        "ID: \"{{ 8|random_string }}\"\nPLUGINS: []\n",
    ),
    (
        "config/defaults.yml",
        "HOST: example.com\nSUB: \"sub.{{ HOST }}\"\nOTHER: other\nNUMBER: 3\nLIST_A: [one, \"{{ HOST }}\"]\nMOUNTS: []\n",
    ),
    ("version", "{{ TUTOR_VERSION }}"),
    ("apps/direct", "host {{ HOST }} {{ NUMBER + 1 }}"),
    ("apps/indirect", "sub {{ SUB }}\n{{ patch('deep') }}"),
    (
        "apps/patched",
        "before\n{{ patch('greeting') }}\nafter {{ ID }}",
    ),
    ("apps/partials/part", "other {{ OTHER }}"),
    ("apps/including", "{% include 'apps/partials/part' %}"),
    (
        "apps/walking",
        "{% for name in 'apps/'|walk_templates %}{{ name }};{% endfor %}{% for v in iter_values_named(prefix='LIST_') %}{{ v }}{% endfor %}{{ 'x'|random_string if false else 6|random_string }}{% for m in iter_mounts(MOUNTS, 'lms') %}{{ m }}{% endfor %}",
    ),
];

impl World {
    pub(crate) fn new() -> Self {
        let world = Self {
            folder: tempfile::Builder::new()
                .prefix("tutor-world-")
                .tempdir()
                .unwrap(),
        };
        for (path, text) in TEMPLATES {
            world.write(&format!("templates/{path}"), text);
        }
        for folder in ["root", "plugins", "hellotemplates/hello/apps"] {
            std::fs::create_dir_all(world.path(folder)).unwrap();
        }
        world.write("root/config.yml", "PLUGINS: [hello]\n");
        world.write(
            "plugins/hello.yml",
            plugin("hello", "world", &world.path("hellotemplates")),
        );
        world.write(
            "hellotemplates/hello/apps/own",
            "own {{ HELLO_NAME }} {{ HOST }}",
        );
        world
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.path(path)).ok()
    }
    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(self.read(path).unwrap()).unwrap()
    }

    /// Options for the project in the folder `root`.
    pub(crate) fn options(&self, root: &str, no_cache: bool) -> engine::commands::Options {
        engine::commands::Options {
            root: self.path(root),
            plugins_root: self.path("plugins"),
            templates_root: Some(self.path("templates")),
            strict: false,
            no_cache,
            progress: Arc::default(),
            profile: None,
        }
    }

    /// All files below a folder.
    pub(crate) fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        walk(&self.path(folder), "", &mut found);
        found
    }
}

/// The text of a plugin with a bit of everything.
pub(crate) fn plugin(name: &str, word: &str, templates: &Path) -> String {
    format!(
        "name: {name}\nconfig:\n  add: {{TOKEN: token-{word}}}\n  defaults: {{NAME: \"{word} at {{{{ HOST }}}}\", LIST: [{word}]}}\npatches:\n  greeting: \"{word} {{{{ {upper}_NAME }}}}\"\n  deep: \"{{{{ patch('deeper') }}}}\"\n  deeper: {word} {{{{ NUMBER }}}}\ntemplates: {}\n",
        templates.display(),
        upper = name.to_uppercase(),
    )
}

fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, std::fs::read(entry.path()).unwrap_or_default());
        }
    }
}
