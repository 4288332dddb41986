//! The real file system and real programs, with an environment and a current folder that the test sets.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::system::{Conversation, Entry, FileKind, Lock, Node, OsSystem, Output, Stamp, System};

/// The operating system, but for variables, the home and the current folder. Programs see the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Machine {
    pub(super) variables: BTreeMap<String, String>,
    pub(super) home: PathBuf,
    /// `None`: that of the test.
    pub(super) current: Option<PathBuf>,
}

/// Passes calls on to the operating system.
macro_rules! pass_on {
    ($(fn $name:ident(&self $(, $arg:ident: $type:ty)*) -> $answer:ty;)*) => {
        $(fn $name(&self $(, $arg: $type)*) -> $answer { OsSystem.$name($($arg),*) })*
    };
}

impl System for Machine {
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
        fn output(
            &self,
            program: &str,
            args: &[&str],
            variables: &[(&str, &str)],
            patience: Duration
        ) -> io::Result<Output>;
        fn random(&self, buffer: &mut [u8]) -> io::Result<()>;
        fn now(&self) -> Duration;
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
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }
    fn variables(&self, prefix: &str) -> Vec<(String, String)> {
        let all = self.variables.iter();
        all.filter(|(name, _)| name.starts_with(prefix))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
    fn resolve(&self, path: &Path) -> PathBuf {
        match &self.current {
            Some(current) => OsSystem.resolve(&current.join(path)),
            None => OsSystem.resolve(path),
        }
    }
    fn converse(
        &self,
        program: &Path,
        args: &[&str],
        terminal: bool,
    ) -> io::Result<Box<dyn Conversation>> {
        // A program that cannot be started is to be told from `env` that cannot.
        if self.kind(program)? != Some(FileKind::File) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let current = OsSystem.resolve(self.current.as_deref().unwrap_or(Path::new(".")));
        let mut all = vec![
            String::from("--ignore-environment"),
            format!("--chdir={}", current.display()),
            format!("HOME={}", self.home.display()),
        ];
        let variables = self.variables.iter();
        all.extend(variables.map(|(name, value)| format!("{name}={value}")));
        all.push(program.display().to_string());
        all.extend(args.iter().map(|arg| (*arg).to_owned()));
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        OsSystem.converse(Path::new("/usr/bin/env"), &all, terminal)
    }
    fn home(&self) -> Option<PathBuf> {
        Some(self.home.clone())
    }
}
