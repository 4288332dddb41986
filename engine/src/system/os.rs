//! The operating system itself.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the one place that may touch the system"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustix::fs::{CWD, FallocateFlags, FlockOperation, RenameFlags};

use super::conversation::{Conversation, ProcessConversation};
use super::node::{Node, NodeKind, Output};
use super::{Entry, FileKind, Lock, Stamp, System};

/// The operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsSystem;

/// How much of a file is read at a time.
const PIECE: usize = 1 << 18;

struct FileLock(#[expect(dead_code, reason = "closing the file releases the lock")] File);
impl Lock for FileLock {}

fn kind_of(file_type: fs::FileType) -> FileKind {
    if file_type.is_file() {
        FileKind::File
    } else if file_type.is_dir() {
        FileKind::Folder
    } else {
        FileKind::Other
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn stamp_of(metadata: &fs::Metadata) -> Stamp {
    const SECOND: i64 = 1_000_000_000;
    let time = |seconds: i64, nanoseconds: i64| seconds.saturating_mul(SECOND) + nanoseconds;
    Stamp {
        kind: kind_of(metadata.file_type()),
        device: metadata.dev(),
        inode: metadata.ino(),
        size: metadata.size(),
        modified: time(metadata.mtime(), metadata.mtime_nsec()),
        changed: time(metadata.ctime(), metadata.ctime_nsec()),
    }
}

/// Cuts off what a file had beyond `length`.
fn cut_off(file: &File, length: u64) -> io::Result<()> {
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() > length {
        file.set_len(length)
    } else {
        Ok(())
    }
}

/// Writes a file that only the user can read.
fn write_private(path: &Path, content: &[u8]) -> io::Result<File> {
    // Not truncated first: closing such a file has ext4 write it to the disk at once.
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    if file.metadata()?.permissions().mode() & 0o777 != 0o600 {
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    file.write_all(content)?;
    cut_off(&file, content.len() as u64)?;
    Ok(file)
}

/// What is replaced, and the file that takes its place: always of the same name, so that one that is left behind is
/// found again. A link stays a link: what it leads to is replaced.
fn replacement(path: &Path) -> (PathBuf, PathBuf) {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let temporary = target.with_file_name(format!(".{name}.tmp"));
    (target, temporary)
}

impl System for OsSystem {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn read_stamped(&self, path: &Path) -> io::Result<(Vec<u8>, Stamp)> {
        let mut file = File::open(path)?;
        let stamp = stamp_of(&file.metadata()?);
        let mut bytes = Vec::with_capacity(usize::try_from(stamp.size).unwrap_or_default() + 1);
        file.read_to_end(&mut bytes)?;
        Ok((bytes, stamp))
    }

    fn stamp(&self, path: &Path) -> io::Result<Option<Stamp>> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(stamp_of(&metadata))),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn kind(&self, path: &Path) -> io::Result<Option<FileKind>> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(kind_of(metadata.file_type()))),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let file_type = entry.file_type()?;
            let is_link = file_type.is_symlink();
            let kind = if is_link {
                fs::metadata(entry.path())
                    .ok()
                    .map(|target| kind_of(target.file_type()))
            } else {
                Some(kind_of(file_type))
            };
            entries.push(Entry {
                name: name.into(),
                kind,
                is_link,
            });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn nodes(&self, path: &Path) -> io::Result<Vec<Node>> {
        super::os_tree::nodes(path)
    }

    fn node(&self, path: &Path) -> io::Result<Option<Node>> {
        match fs::symlink_metadata(path) {
            Ok(metadata) => {
                let file_type = metadata.file_type();
                let kind = match kind_of(file_type) {
                    _ if file_type.is_symlink() => NodeKind::Link,
                    FileKind::File => NodeKind::File,
                    FileKind::Folder => NodeKind::Folder,
                    FileKind::Other => NodeKind::Other,
                };
                Ok(Some(Node {
                    name: path.file_name().unwrap_or_default().to_owned(),
                    kind,
                    mode: metadata.mode() & 0o7777,
                    stamp: stamp_of(&metadata),
                }))
            }
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn link(&self, path: &Path) -> io::Result<PathBuf> {
        fs::read_link(path)
    }

    fn hash(&self, path: &Path) -> io::Result<(blake3::Hash, Stamp)> {
        let mut file = File::open(path)?;
        let stamp = stamp_of(&file.metadata()?);
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; usize::try_from(stamp.size).unwrap_or(PIECE).clamp(1, PIECE)];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok((hasher.finalize(), stamp)),
                length => drop(hasher.update(&buffer[..length])),
            }
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn variables(&self, prefix: &str) -> Vec<(String, String)> {
        let mut found: Vec<_> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with(prefix))
            .collect();
        found.sort();
        found
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        // Like Python's realpath: resolve what exists, keep the rest.
        let mut rest = Vec::new();
        let mut existing = absolute.as_path();
        loop {
            if let Ok(mut resolved) = fs::canonicalize(existing) {
                for name in rest.into_iter().rev() {
                    if name == ".." {
                        resolved.pop();
                    } else {
                        resolved.push(name);
                    }
                }
                return resolved;
            }
            let mut components = existing.components();
            match components.next_back() {
                Some(last) if !matches!(last, std::path::Component::RootDir) => {
                    rest.push(last.as_os_str().to_owned());
                    existing = components.as_path();
                }
                _ => return absolute,
            }
        }
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
    }

    fn random(&self, buffer: &mut [u8]) -> io::Result<()> {
        File::open("/dev/urandom")?.read_exact(buffer)
    }

    fn now(&self) -> Duration {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    }

    fn monotonic(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    fn boot(&self) -> String {
        fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default()
    }

    fn user_id(&self) -> u32 {
        rustix::process::getuid().as_raw()
    }

    fn create_private_folder(&self, path: &Path) -> io::Result<bool> {
        match fs::DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn create_folders(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut missing = Vec::new();
        let mut current = path;
        while fs::symlink_metadata(current).is_err() {
            missing.push(current.to_owned());
            match current.parent() {
                Some(parent) => current = parent,
                None => break,
            }
        }
        missing.reverse();
        fs::create_dir_all(path)?;
        Ok(missing)
    }

    fn reserve(&self, path: &Path, length: u64) -> io::Result<bool> {
        let (file, created) = match OpenOptions::new().write(true).open(path) {
            Ok(file) => (file, false),
            Err(error) if error.kind() == ErrorKind::NotFound => (
                OpenOptions::new().write(true).create_new(true).open(path)?,
                true,
            ),
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        if length <= metadata.len() || !metadata.is_file() {
            return Ok(created);
        }
        let reserved = rustix::fs::fallocate(&file, FallocateFlags::KEEP_SIZE, 0, length);
        // Reserving counts as a change of the file; but nothing is changed yet.
        file.set_modified(metadata.modified()?)?;
        match reserved {
            // Not every file system can reserve; there the write itself finds out, and is undone.
            Ok(()) | Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => Ok(created),
            Err(error) => {
                if created {
                    let _ = fs::remove_file(path);
                }
                Err(error.into())
            }
        }
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        // Not truncated first: the reserved blocks would be given back.
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        file.write_all(content)?;
        cut_off(&file, content.len() as u64)
    }

    fn write_private(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        write_private(path, content).map(|_| ())
    }

    fn replace_private(&self, path: &Path, content: &[u8], durable: bool) -> io::Result<()> {
        let (target, temporary) = replacement(path);
        let folder = target.parent().unwrap_or(Path::new("/"));
        let written = (|| {
            let file = write_private(&temporary, content)?;
            if durable {
                file.sync_all()?;
                return fs::rename(&temporary, &target);
            }
            // The old one stays as the next one's place: making and removing files takes longer than writing them.
            match rustix::fs::renameat_with(CWD, &temporary, CWD, &target, RenameFlags::EXCHANGE) {
                Ok(()) => Ok(()),
                // There is no old one, or the file system cannot do that.
                Err(_) => fs::rename(&temporary, &target),
            }
        })();
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
            return written;
        }
        if durable && let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    fn forget_replacement(&self, path: &Path) -> io::Result<()> {
        self.remove_file(&replacement(path).1)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn remove_tree(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir_all(path)
    }

    fn rename_folder(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn run_shell(&self, command: &str) -> io::Result<Option<i32>> {
        let status = std::process::Command::new("/bin/sh")
            .args(["-c", command])
            .status()?;
        Ok(status.code())
    }

    fn output(
        &self,
        program: &str,
        args: &[&str],
        variables: &[(&str, &str)],
        patience: Duration,
    ) -> io::Result<Output> {
        super::os_tree::output(program, args, variables, patience)
    }

    fn converse(
        &self,
        program: &Path,
        args: &[&str],
        terminal: bool,
    ) -> io::Result<Box<dyn Conversation>> {
        let conversation = ProcessConversation::start(program, args, terminal)?;
        Ok(Box::new(conversation))
    }

    fn lock(&self, path: &Path, waiting: &mut dyn FnMut()) -> io::Result<Box<dyn Lock>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                waiting();
                rustix::fs::flock(&file, FlockOperation::LockExclusive)?;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Box::new(FileLock(file)))
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Box::new(FileLock(file)))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
