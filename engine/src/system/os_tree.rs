//! Trees of files, and programs that are asked something, in the operating system.
#![expect(
    clippy::disallowed_methods,
    reason = "a part of the one place that may touch the system"
)]

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};

use super::node::{Node, NodeKind, Output};
use super::{FileKind, Stamp};

/// What is in a folder. Looked up from the folder, not from the root: a context may have tens of thousands of files.
pub(super) fn nodes(path: &Path) -> io::Result<Vec<Node>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::open(path, flags, Mode::empty())?;
    let mut nodes = Vec::new();
    for entry in Dir::read_from(&folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        match rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => nodes.push(node(OsStr::from_bytes(name.to_bytes()), &stat)),
            // Gone since it was listed.
            Err(rustix::io::Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    nodes.sort_unstable_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    Ok(nodes)
}

#[allow(
    clippy::unnecessary_cast,
    reason = "the types of these fields differ from platform to platform"
)]
fn node(name: &OsStr, stat: &Stat) -> Node {
    let (kind, file_kind) = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => (NodeKind::File, FileKind::File),
        FileType::Directory => (NodeKind::Folder, FileKind::Folder),
        FileType::Symlink => (NodeKind::Link, FileKind::Other),
        _ => (NodeKind::Other, FileKind::Other),
    };
    let time = |seconds: i64, nanoseconds: i64| seconds.saturating_mul(1_000_000_000) + nanoseconds;
    Node {
        name: name.to_owned(),
        kind,
        mode: stat.st_mode as u32 & 0o7777,
        stamp: Stamp {
            kind: file_kind,
            device: stat.st_dev as u64,
            inode: stat.st_ino as u64,
            size: stat.st_size as u64,
            modified: time(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: time(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        },
    }
}

/// How often it is looked whether a program has ended.
const TICK: Duration = Duration::from_millis(2);

/// Runs a program, and waits for it.
pub(super) fn output(
    program: &str,
    args: &[&str],
    variables: &[(&str, &str)],
    patience: Duration,
) -> io::Result<Output> {
    let mut child = Command::new(program)
        .args(args)
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(ErrorKind::BrokenPipe.into());
    };
    std::thread::scope(|scope| {
        let stdout = scope.spawn(|| all_of(stdout));
        let stderr = scope.spawn(|| all_of(stderr));
        let status = wait(&mut child, patience);
        let status = status?;
        Ok(Output {
            status,
            stdout: stdout.join().unwrap_or_default(),
            stderr: stderr.join().unwrap_or_default(),
        })
    })
}

/// What can be read from a pipe, until its end.
fn all_of(mut pipe: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = pipe.read_to_end(&mut bytes);
    bytes
}

fn wait(child: &mut Child, patience: Duration) -> io::Result<Option<i32>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if start.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            return Err(ErrorKind::TimedOut.into());
        }
        std::thread::sleep(TICK);
    }
}
