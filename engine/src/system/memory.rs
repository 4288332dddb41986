//! A system in memory, for tests: files, environment and randomness are what the test says.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::conversation::{Conversation, Ended};
use super::node::{Node, NodeKind, Output};
use super::{Entry, FileKind, Lock, Stamp, System};

/// A system in memory. Randomness is a counter, so that what is drawn can be told apart and repeats.
#[derive(Debug, Default)]
pub struct MemorySystem {
    state: Mutex<State>,
}

/// What a program in memory does when it is started.
#[derive(Clone, Debug)]
pub enum Program {
    /// It cannot be.
    Fails(ErrorKind),
    /// It sends these lines and ends.
    Says(Vec<String>),
    /// It prints this and ends without a word.
    Dies(String),
    /// It waits for ever.
    Hangs,
}

#[derive(Debug)]
struct Running(Program);

impl Conversation for Running {
    fn hold(&mut self, _descriptor: i32) {}
    fn held(&mut self, _beginning: usize) -> (Vec<u8>, Vec<u8>) {
        Default::default()
    }
    fn last_words(&mut self) -> String {
        self.printed()
    }
    fn send(&mut self, _line: &str) -> io::Result<()> {
        Ok(())
    }
    fn receive(&mut self, _patience: Duration) -> io::Result<Option<String>> {
        match &mut self.0 {
            Program::Says(lines) if !lines.is_empty() => Ok(Some(lines.remove(0))),
            Program::Hangs => Err(ErrorKind::TimedOut.into()),
            _ => Ok(None),
        }
    }
    fn printed(&mut self) -> String {
        match &self.0 {
            Program::Dies(printed) => printed.clone(),
            _ => String::new(),
        }
    }
    fn end(&mut self) -> Option<Ended> {
        (!matches!(self.0, Program::Hangs)).then_some(Ended::Status(1))
    }
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<PathBuf, Vec<u8>>,
    folders: std::collections::BTreeSet<PathBuf>,
    variables: BTreeMap<String, String>,
    /// When each file, and each folder's listing, was changed last: the number of the change.
    changed: BTreeMap<PathBuf, i64>,
    changes: i64,
    reads: u64,
    passed: Duration,
    drawn: u64,
    written: Vec<PathBuf>,
    failing: Option<(PathBuf, ErrorKind)>,
    programs: BTreeMap<PathBuf, Program>,
    started: u64,
}

struct NoLock;
impl Lock for NoLock {}

impl MemorySystem {
    /// An empty system.
    pub fn new() -> Self {
        Self::default()
    }
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Puts a file there, with the folders above it.
    pub fn put(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let mut state = self.state();
        state.touch(path.as_ref());
        for folder in path.as_ref().ancestors().skip(1) {
            state.folders.insert(folder.to_owned());
        }
        state
            .files
            .insert(path.as_ref().to_owned(), content.as_ref().to_owned());
    }
    /// Takes a file away.
    pub fn take(&self, path: impl AsRef<Path>) {
        let mut state = self.state();
        state.touch(path.as_ref());
        state.files.remove(path.as_ref());
    }
    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        self.state().passed += time;
    }
    /// Takes an empty folder away.
    pub fn take_folder(&self, path: impl AsRef<Path>) {
        let mut state = self.state();
        state.touch(path.as_ref());
        state.folders.remove(path.as_ref());
    }
    /// How many files were read so far.
    pub fn reads(&self) -> u64 {
        self.state().reads
    }
    /// Sets an environment variable.
    pub fn set_variable(&self, name: &str, value: Option<&str>) {
        let mut state = self.state();
        match value {
            Some(value) => state.variables.insert(name.to_owned(), value.to_owned()),
            None => state.variables.remove(name),
        };
    }
    /// Says what the program at `path` does when it is started. It is no file by that.
    pub fn put_program(&self, path: impl AsRef<Path>, program: Program) {
        self.state()
            .programs
            .insert(path.as_ref().to_owned(), program);
    }
    /// How many programs were started so far.
    pub fn started(&self) -> u64 {
        self.state().started
    }
    /// The text of a file.
    pub fn text(&self, path: impl AsRef<Path>) -> Option<String> {
        self.state()
            .files
            .get(path.as_ref())
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }
    /// All files and their contents.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.state().files.clone()
    }
    /// The paths written since the last call.
    pub fn take_written(&self) -> Vec<PathBuf> {
        std::mem::take(&mut self.state().written)
    }
    /// Makes every write to `path` fail with `kind` from now on.
    pub fn fail_writes(&self, path: impl AsRef<Path>, kind: ErrorKind) {
        self.state().failing = Some((path.as_ref().to_owned(), kind));
    }
}

impl State {
    /// Notes that a file was changed; if it was created or removed, so was the folder that lists it.
    fn touch(&mut self, path: &Path) {
        self.changes += 1;
        let number = self.changes;
        self.changed.insert(path.to_owned(), number);
        for folder in path.ancestors().skip(1) {
            self.changed.insert(folder.to_owned(), number);
        }
    }
    fn check(&self, path: &Path) -> io::Result<()> {
        match &self.failing {
            Some((failing, kind)) if failing == path => Err((*kind).into()),
            _ => Ok(()),
        }
    }
}

impl System for MemorySystem {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut state = self.state();
        state.reads += 1;
        if state.folders.contains(path) {
            return Err(ErrorKind::IsADirectory.into());
        }
        state
            .files
            .get(path)
            .cloned()
            .ok_or_else(|| ErrorKind::NotFound.into())
    }
    fn read_stamped(&self, path: &Path) -> io::Result<(Vec<u8>, Stamp)> {
        let bytes = self.read(path)?;
        let stamp = self.stamp(path)?.ok_or(ErrorKind::NotFound)?;
        Ok((bytes, stamp))
    }
    fn stamp(&self, path: &Path) -> io::Result<Option<Stamp>> {
        let state = self.state();
        let (kind, size) = match state.files.get(path) {
            Some(bytes) => (FileKind::File, bytes.len() as u64),
            None if state.folders.contains(path) => (FileKind::Folder, 0),
            None => return Ok(None),
        };
        let changed = state.changed.get(path).copied().unwrap_or_default();
        Ok(Some(Stamp {
            kind,
            device: 0,
            inode: 0,
            size,
            modified: changed,
            changed,
        }))
    }
    fn kind(&self, path: &Path) -> io::Result<Option<FileKind>> {
        let state = self.state();
        Ok(if state.files.contains_key(path) {
            Some(FileKind::File)
        } else {
            state.folders.contains(path).then_some(FileKind::Folder)
        })
    }
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let state = self.state();
        if !state.folders.contains(path) {
            return Err(ErrorKind::NotFound.into());
        }
        let entry = |item: &PathBuf, kind| {
            (item.parent() == Some(path)).then(|| Entry {
                name: item
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into(),
                kind: Some(kind),
                is_link: false,
            })
        };
        let files = state
            .files
            .keys()
            .filter_map(|file| entry(file, FileKind::File));
        let folders = state
            .folders
            .iter()
            .filter_map(|folder| entry(folder, FileKind::Folder));
        let mut entries: Vec<_> = files.chain(folders).collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }
    fn nodes(&self, path: &Path) -> io::Result<Vec<Node>> {
        let names = self.list(path)?.into_iter().map(|entry| entry.name);
        let nodes = names.filter_map(|name| self.node(&path.join(&*name)).transpose());
        nodes.collect()
    }
    fn node(&self, path: &Path) -> io::Result<Option<Node>> {
        let Some(stamp) = self.stamp(path)? else {
            return Ok(None);
        };
        let (kind, mode) = match stamp.kind {
            FileKind::Folder => (NodeKind::Folder, 0o755),
            _ => (NodeKind::File, 0o644),
        };
        Ok(Some(Node {
            name: path.file_name().unwrap_or_default().to_owned(),
            kind,
            mode,
            stamp,
        }))
    }
    fn link(&self, _path: &Path) -> io::Result<PathBuf> {
        Err(ErrorKind::InvalidInput.into())
    }
    fn hash(&self, path: &Path) -> io::Result<(blake3::Hash, Stamp)> {
        let (bytes, stamp) = self.read_stamped(path)?;
        Ok((blake3::hash(&bytes), stamp))
    }
    fn variable(&self, name: &str) -> Option<String> {
        self.state().variables.get(name).cloned()
    }
    fn variables(&self, prefix: &str) -> Vec<(String, String)> {
        let state = self.state();
        let found = state
            .variables
            .iter()
            .filter(|(name, _)| name.starts_with(prefix));
        found
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
    fn resolve(&self, path: &Path) -> PathBuf {
        if path == Path::new(".") {
            "/work/project".into()
        } else {
            path.to_owned()
        }
    }
    fn home(&self) -> Option<PathBuf> {
        Some("/home/user".into())
    }
    fn random(&self, buffer: &mut [u8]) -> io::Result<()> {
        let mut state = self.state();
        for byte in buffer {
            state.drawn = state
                .drawn
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = (state.drawn >> 33) as u8;
        }
        Ok(())
    }
    fn now(&self) -> Duration {
        // Long after all changes: stamps are settled at once.
        Duration::from_secs(1_000_000)
    }
    fn monotonic(&self) -> Duration {
        self.state().passed
    }
    fn boot(&self) -> String {
        String::new()
    }
    fn user_id(&self) -> u32 {
        1000
    }
    fn create_private_folder(&self, path: &Path) -> io::Result<bool> {
        Ok(!self.create_folders(path)?.is_empty())
    }
    fn create_folders(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut state = self.state();
        let mut created = Vec::new();
        for folder in path.ancestors() {
            if state.files.contains_key(folder) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            if state.folders.insert(folder.to_owned()) {
                created.push(folder.to_owned());
            }
        }
        created.reverse();
        Ok(created)
    }
    fn reserve(&self, path: &Path, _length: u64) -> io::Result<bool> {
        let mut state = self.state();
        state.check(path)?;
        if state.folders.contains(path) {
            return Err(ErrorKind::IsADirectory.into());
        }
        let created = !state.files.contains_key(path);
        if created {
            state.touch(path);
            state.files.insert(path.to_owned(), Vec::new());
        }
        Ok(created)
    }
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        state.check(path)?;
        state.touch(path);
        state.written.push(path.to_owned());
        state.files.insert(path.to_owned(), content.to_owned());
        Ok(())
    }
    fn write_private(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.write(path, content)
    }
    fn replace_private(&self, path: &Path, content: &[u8], _durable: bool) -> io::Result<()> {
        self.write(path, content)
    }
    fn forget_replacement(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.touch(path);
        state.files.remove(path);
        Ok(())
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.touch(path);
        state.folders.remove(path);
        Ok(())
    }
    fn remove_tree(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.files.retain(|file, _| !file.starts_with(path));
        state.folders.retain(|folder| !folder.starts_with(path));
        Ok(())
    }
    fn rename_folder(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let moved = |path: &PathBuf| match path.strip_prefix(from) {
            Ok(rest) if rest.as_os_str().is_empty() => to.to_owned(),
            Ok(rest) => to.join(rest),
            Err(_) => path.clone(),
        };
        state.files = std::mem::take(&mut state.files)
            .into_iter()
            .map(|(path, bytes)| (moved(&path), bytes))
            .collect();
        state.folders = std::mem::take(&mut state.folders)
            .iter()
            .map(moved)
            .collect();
        Ok(())
    }
    fn run_shell(&self, _command: &str) -> io::Result<Option<i32>> {
        Err(ErrorKind::Unsupported.into())
    }
    fn output(
        &self,
        _program: &str,
        _args: &[&str],
        _variables: &[(&str, &str)],
        _patience: Duration,
    ) -> io::Result<Output> {
        Err(ErrorKind::NotFound.into())
    }
    fn converse(
        &self,
        program: &Path,
        _args: &[&str],
        _terminal: bool,
    ) -> io::Result<Box<dyn Conversation>> {
        let mut state = self.state();
        state.started += 1;
        match state.programs.get(program) {
            Some(Program::Fails(kind)) => Err((*kind).into()),
            Some(program) => Ok(Box::new(Running(program.clone()))),
            None => Err(ErrorKind::NotFound.into()),
        }
    }
    fn lock(&self, _path: &Path, _waiting: &mut dyn FnMut()) -> io::Result<Box<dyn Lock>> {
        Ok(Box::new(NoLock))
    }
    fn try_lock(&self, _path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        Ok(Some(Box::new(NoLock)))
    }
}
