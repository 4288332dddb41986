//! What a folder holds at one moment: bytes, modes, times, identities.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// One file or symbolic link. Folders are not kept: an empty one means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The file's content, or where the link points.
    pub bytes: Vec<u8>,
    /// Type and permission bits.
    pub mode: u32,
    /// Modification time in nanoseconds.
    pub modified: i128,
    /// The inode number: another one means that the file was replaced.
    pub inode: u64,
}

/// Files by their path relative to the folder, with `/`.
pub type Snapshot = BTreeMap<String, Entry>;

/// All files below `folder`; none where it does not exist.
pub fn take(folder: &Path) -> Result<Snapshot, String> {
    let mut found = Snapshot::new();
    if folder.is_dir() {
        walk(folder, "", &mut found).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    Ok(found)
}

/// A project root without what only we keep there: top-level entries whose
/// name begins with a dot (lock, manifest, journal).
pub fn take_root(root: &Path) -> Result<Snapshot, String> {
    let mut all = take(root)?;
    all.retain(|path, _| !path.starts_with('.'));
    Ok(all)
}

fn walk(folder: &Path, prefix: &str, found: &mut Snapshot) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let meta = entry.metadata()?;
        if meta.is_dir() {
            walk(&entry.path(), &format!("{name}/"), found)?;
            continue;
        }
        let bytes = if meta.is_symlink() {
            fs::read_link(entry.path())?
                .to_string_lossy()
                .into_owned()
                .into_bytes()
        } else if meta.is_file() {
            fs::read(entry.path())?
        } else {
            Vec::new()
        };
        found.insert(
            name,
            Entry {
                bytes,
                mode: meta.mode(),
                modified: i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec()),
                inode: meta.ino(),
            },
        );
    }
    Ok(())
}
