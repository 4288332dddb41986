//! A folder as a build gets to see it: names, modes, bytes and where links point to, after `.dockerignore`.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::ignore::{Above, Ignore};
use crate::cache::{CacheFolder, Context as CacheContext, FileHashes};
use crate::system::{Node, NodeKind, Stamp, System};

/// One file or folder of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Below the context, with `/`.
    pub path: String,
    /// Its permissions.
    pub mode: u32,
    /// What it is.
    pub kind: ItemKind,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A folder.
    Folder,
    /// A file: the hash of its content, and its length.
    File(blake3::Hash, u64),
    /// A symbolic link, and where it points to.
    Link(String),
    /// A named pipe or a device.
    Other,
}

/// All items of a context, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The items.
    pub items: Vec<Item>,
}

/// Where hashes of files are kept.
#[derive(Clone, Debug)]
pub struct Keep {
    /// The cache of the project.
    pub folder: CacheFolder,
    /// For whom.
    pub context: CacheContext,
}

/// Something that could not be read.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// What.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// An item whose content is not looked at yet.
struct Found {
    path: String,
    full: PathBuf,
    node: Node,
}

struct Walk<'a> {
    system: &'a dyn System,
    ignore: &'a Ignore,
}

/// What is in `folder`, but for what `ignore` leaves out.
///
/// # Errors
/// If something of it cannot be read.
pub(super) fn tree(
    system: &dyn System,
    folder: &Path,
    ignore: &Ignore,
    keep: Option<&Keep>,
) -> Result<Tree, Unreadable> {
    let mut found = Vec::new();
    let walk = Walk { system, ignore };
    walk.folder(folder, "", None, &mut found)?;
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let name = format!(
        "files-{}",
        &blake3::hash(folder.as_os_str().as_encoded_bytes()).to_hex()[..16]
    );
    let known = keep.map(|keep| FileHashes::open(system, &keep.folder, &keep.context, &name));
    let items = found
        .par_iter()
        .map(|found| item(system, found, known.as_ref()))
        .collect::<Result<Vec<_>, _>>()?;
    if let (Some(keep), Some(known)) = (keep, &known) {
        let now = system.now();
        let settled = items.iter().filter_map(|(item, stamp)| match item.kind {
            ItemKind::File(hash, _) if stamp.settled(now) => {
                Some((item.path.as_str(), *stamp, hash))
            }
            _ => None,
        });
        // They are sorted as what was found is.
        let settled: Vec<_> = settled.collect();
        known.keep(system, &keep.folder, &keep.context, &settled);
    }
    let items = items.into_iter().map(|(item, _)| item).collect();
    Ok(Tree { items })
}

impl Walk<'_> {
    fn folder(
        &self,
        folder: &Path,
        path: &str,
        above: Option<&Above>,
        found: &mut Vec<Found>,
    ) -> Result<(), Unreadable> {
        let nodes = self.system.nodes(folder).map_err(|error| Unreadable {
            path: folder.to_owned(),
            error,
        })?;
        let below = nodes
            .into_par_iter()
            .with_min_len(64)
            .map(|node| self.node(folder, path, above, node))
            .collect::<Result<Vec<_>, _>>()?;
        found.extend(below.into_iter().flatten());
        Ok(())
    }

    /// A node with what is below it.
    fn node(
        &self,
        folder: &Path,
        path: &str,
        above: Option<&Above>,
        node: Node,
    ) -> Result<Vec<Found>, Unreadable> {
        let name = text_of(node.name.as_encoded_bytes());
        let path = if path.is_empty() {
            name
        } else {
            format!("{path}/{name}")
        };
        let full = folder.join(&node.name);
        let mut found = Vec::new();
        let (is_out, matched) = if self.ignore.is_empty() {
            (false, Above::new())
        } else {
            self.ignore.look(&path, above)
        };
        if node.kind == NodeKind::Folder && (!is_out || self.ignore.may_take_back(&path)) {
            let matched = (!self.ignore.is_empty()).then_some(&matched);
            self.folder(&full, &path, matched, &mut found)?;
        }
        // A folder that is left out is there if something in it is not.
        if !is_out || (node.kind == NodeKind::Folder && !found.is_empty()) {
            found.push(Found { path, full, node });
        }
        Ok(found)
    }
}

/// A name as text; one that is not UTF-8 as a text that no other name has.
fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("\u{0}{}", bytes.escape_ascii()),
    }
}

fn item(
    system: &dyn System,
    found: &Found,
    known: Option<&FileHashes>,
) -> Result<(Item, Stamp), Unreadable> {
    let unreadable = |error| Unreadable {
        path: found.full.clone(),
        error,
    };
    let mut stamp = found.node.stamp;
    let kind = match found.node.kind {
        NodeKind::Folder => ItemKind::Folder,
        NodeKind::Other => ItemKind::Other,
        NodeKind::Link => {
            let target = system.link(&found.full).map_err(unreadable)?;
            ItemKind::Link(text_of(target.as_os_str().as_encoded_bytes()))
        }
        NodeKind::File => {
            let kept = known.and_then(|known| known.get(&found.path, &stamp));
            let (hash, read) = match kept {
                Some(hash) => (hash, stamp),
                None => system.hash(&found.full).map_err(unreadable)?,
            };
            stamp = read;
            ItemKind::File(hash, read.size)
        }
    };
    let item = Item {
        path: found.path.clone(),
        mode: found.node.mode,
        kind,
    };
    Ok((item, stamp))
}

impl Tree {
    /// How many bytes its files have.
    pub fn size(&self) -> u64 {
        self.items.iter().map(Item::size).sum()
    }

    /// The largest of its folders that are not in one another, with their sizes.
    pub fn largest(&self, count: usize) -> Vec<(String, u64)> {
        let mut folders: BTreeMap<&str, u64> = BTreeMap::new();
        for item in &self.items {
            let top = item.path.split('/').next().unwrap_or_default();
            *folders.entry(top).or_default() += item.size();
        }
        let mut folders: Vec<_> = folders
            .into_iter()
            .map(|(name, size)| (name.to_owned(), size))
            .collect();
        folders.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        folders.truncate(count);
        folders
    }
}

impl Item {
    fn size(&self) -> u64 {
        match self.kind {
            ItemKind::File(_, size) => size,
            _ => 0,
        }
    }
}
