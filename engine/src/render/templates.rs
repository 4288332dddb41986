//! Template files: which there are, where each is, parsed, and rendered.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jinja::{Error, Template};
use serde_json::json;

use super::draws::Draws;
use super::host::{GraphHost, Scope};
use super::recall::{self, Read};
use super::{failure, patterns};
use crate::cache::{Fingerprint, fingerprint_of_parts};
use crate::config::Pass;
use crate::diagnostics::{Diagnostic, Failure, Place};
use crate::hooks::{self, Name, TemplateRoot};
use crate::inputs::{Content, Db};
use crate::plugins::document;
use crate::plugins::python::functions;
use crate::profile::{Work, measured};
use crate::system::FileKind;

/// How deep folders of templates may nest. Deeper is a mistake, such as a link to a folder above.
const FOLDER_DEPTH_LIMIT: usize = 64;

/// Extensions of files that are copied as they are.
const BINARY: [&str; 9] = [
    "ico", "jpg", "otf", "patch", "png", "ttf", "webp", "woff", "woff2",
];

/// Where a template is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The number of the root, see [`hooks::template_roots`].
    pub root: usize,
    /// Its file; `None` for a built-in one.
    pub path: Option<PathBuf>,
}

impl Located {
    /// What it is called in messages.
    pub fn describe(&self, name: &str) -> String {
        self.path.as_ref().map_or_else(
            || format!("built-in {name}"),
            |path| path.display().to_string(),
        )
    }
    /// Its text.
    pub fn text(&self, db: &dyn Db, name: &str) -> Option<Arc<str>> {
        match &self.path {
            Some(path) => db.file(path).content(db).text().cloned(),
            None => templates::get(name).map(|bytes| String::from_utf8_lossy(bytes).into()),
        }
    }
}

/// All templates of all roots, sorted by name.
#[salsa::tracked]
pub fn template_names(db: &dyn Db) -> Result<Vec<Arc<str>>, Failure> {
    let mut names = Vec::new();
    // Somebody may want just what is in them.
    let is_any = !hooks::template_patterns(db).include.is_empty();
    for (root, _) in hooks::template_roots(db) {
        match root {
            TemplateRoot::BuiltIn => {
                names.extend(templates::files().iter().map(|(name, _)| Arc::from(*name)));
            }
            TemplateRoot::Folder(folder) => {
                let walk = Walk {
                    db,
                    root: folder,
                    is_any,
                };
                walk.folder(folder, &mut String::new(), 0, &mut names)?;
            }
        }
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// A way through a template root. Links to folders are not followed, as in Tutor.
struct Walk<'a> {
    db: &'a dyn Db,
    root: &'a Path,
    /// Whether folders matter of which nothing is rendered or found by a listing unless a plugin wants it; they can be
    /// large.
    is_any: bool,
}

impl Walk<'_> {
    fn folder(
        &self,
        folder: &Path,
        prefix: &mut String,
        depth: usize,
        names: &mut Vec<Arc<str>>,
    ) -> Result<(), Failure> {
        if depth > FOLDER_DEPTH_LIMIT {
            let message = format!("folders of templates nest more than {FOLDER_DEPTH_LIMIT} deep");
            let place = Place {
                origin: self.root.join(&*prefix).display().to_string(),
                ..Place::default()
            };
            return Err(Diagnostic::error("too-deep", message)
                .at(place)
                .hint("move the folder out of the template root")
                .into());
        }
        let Some(entries) = self.db.folder(folder).listing(self.db) else {
            return Ok(());
        };
        for entry in entries.iter() {
            let length = prefix.len();
            prefix.push_str(&entry.name);
            if entry.kind == Some(FileKind::Folder) {
                let matters = self.is_any || !matches!(&*entry.name, "__pycache__" | ".git");
                if !entry.is_link && matters {
                    prefix.push('/');
                    self.folder(&folder.join(&*entry.name), prefix, depth + 1, names)?;
                }
            } else {
                names.push(prefix.as_str().into());
            }
            prefix.truncate(length);
        }
        Ok(())
    }
}

/// The templates below `prefix`, a plain text that names begin with, that are rendered at all.
#[salsa::tracked]
pub fn names_under<'db>(db: &'db dyn Db, prefix: Name<'db>) -> Result<Vec<Arc<str>>, Failure> {
    let names = template_names(db).as_ref().map_err(Clone::clone)?;
    let prefix = &**prefix.text(db);
    let first = names.partition_point(|name| &**name < prefix);
    let under = names[first..]
        .iter()
        .take_while(|name| name.starts_with(prefix));
    Ok(under
        .filter(|name| is_rendered(db, name))
        .cloned()
        .collect())
}

/// Whether a template is rendered (or copied).
pub fn is_rendered(db: &dyn Db, name: &str) -> bool {
    let rules = hooks::template_patterns(db);
    let begins = |pattern: &Arc<str>| patterns::begins(pattern, name);
    rules.include.iter().any(begins)
        || ((rules.is_whole || is_rendered_by_core(name)) && !rules.ignore.iter().any(begins))
}

/// Whether a template is rendered (or copied) as far as the core is concerned: not if it is hidden, compiled Python, or in
/// a `partials` folder.
pub fn is_rendered_by_core(name: &str) -> bool {
    let ignored = |part: &str| part.starts_with('.') || part == "__pycache__" || part == "partials";
    !name.split('/').any(ignored)
        && name
            .rsplit_once('.')
            .is_none_or(|(_, extension)| extension != "pyc")
}

fn is_binary(name: &str) -> bool {
    // As `os.path.splitext`: a dot that begins the name begins no extension.
    let file = name
        .rsplit('/')
        .next()
        .unwrap_or(name)
        .trim_start_matches('.');
    file.rsplit_once('.')
        .is_some_and(|(_, extension)| BINARY.contains(&extension))
}

/// The place of a template below a root; `None` for names that lead out of it.
pub fn template_file_path(name: &str) -> Option<PathBuf> {
    let mut path = PathBuf::new();
    for part in name
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
    {
        if part == ".." {
            return None;
        }
        path.push(part);
    }
    (!path.as_os_str().is_empty()).then_some(path)
}

/// Where the template called `name` is: in the first root that has it.
pub fn locate(db: &dyn Db, name: &str) -> Option<Located> {
    find(db, Name::new(db, Arc::from(name))).clone()
}

#[salsa::tracked]
fn find<'db>(db: &'db dyn Db, name: Name<'db>) -> Option<Located> {
    let relative = template_file_path(name.text(db))?;
    for (index, (root, _)) in hooks::template_roots(db).iter().enumerate() {
        match root {
            TemplateRoot::BuiltIn => {
                if templates::get(relative.to_str()?).is_some() {
                    return Some(Located {
                        root: index,
                        path: None,
                    });
                }
            }
            TemplateRoot::Folder(folder) => {
                if is_in(db, folder, &relative) {
                    return Some(Located {
                        root: index,
                        path: Some(folder.join(&relative)),
                    });
                }
            }
        }
    }
    None
}

/// Whether a root has a file at `relative`. Folders tell: they are few, and listed in any case, where each file would
/// have to be looked for in each root.
fn is_in(db: &dyn Db, root: &Path, relative: &Path) -> bool {
    let mut folder = root.to_owned();
    let mut parts = relative.iter().peekable();
    while let Some(part) = parts.next() {
        let Some(entries) = db.folder(&folder).listing(db) else {
            // One that cannot be listed may still be read from.
            let file = db.file(&root.join(relative));
            return !matches!(file.content(db), Content::Absent | Content::Folder);
        };
        let found =
            entries.binary_search_by(|entry| entry.name.as_bytes().cmp(part.as_encoded_bytes()));
        let kind = found.ok().and_then(|index| entries[index].kind);
        match (kind, parts.peek()) {
            (Some(FileKind::Folder), Some(_)) => folder.push(part),
            (Some(kind), None) => return kind != FileKind::Folder,
            _ => return false,
        }
    }
    false
}

/// A parsed template, compared by identity: parsed again only when its text changed.
#[derive(Clone, Debug)]
struct Parsed(Template);

/// The template called `name`, parsed; `None` if there is none.
pub(super) fn compiled(db: &dyn Db, name: &str) -> Result<Option<Template>, Failure> {
    Ok(parsed(db, Name::new(db, Arc::from(name)))
        .as_ref()
        .map_err(Clone::clone)?
        .as_ref()
        .map(|parsed| parsed.0.clone()))
}

#[salsa::tracked(no_eq)]
fn parsed<'db>(db: &'db dyn Db, name: Name<'db>) -> Result<Option<Parsed>, Failure> {
    let name = name.text(db);
    let Some(located) = locate(db, name) else {
        return Ok(None);
    };
    let text = match &located.path {
        Some(path) => document::text(path, db.file(path).content(db))?,
        None => located.text(db, name),
    };
    let Some(text) = text else { return Ok(None) };
    let host = GraphHost::new(db, Scope::Pass(Pass::Full), Draws::Fresh);
    match host.environment().parse(Some(name), &text) {
        Ok(template) => Ok(Some(Parsed(template))),
        Err(error) => {
            let failure = failure::of(&host, &error, |error| {
                failure::template_place(db, name, error)
            });
            Err((*failure)
                .clone()
                .of(failure::template_owner(db, name))
                .into())
        }
    }
}

/// `IS_FILE_RENDERED`: whether a template is copied as it is.
fn is_copied(db: &dyn Db, name: &str) -> Result<bool, Failure> {
    const FILTER: &str = "IS_FILE_RENDERED";
    if !functions::add_to(db, FILTER) {
        return Ok(is_binary(name));
    }
    // Python knows the core's rule.
    functions::is_true(db, FILTER, &json!([true, name])).map(|is_rendered| !is_rendered)
}

/// The bytes of the template called `name`, if it is one that is copied.
pub(super) fn binary(db: &dyn Db, name: &str) -> Result<Option<Arc<[u8]>>, Failure> {
    if !is_copied(db, name)? {
        return Ok(None);
    }
    copied(db, name).map(|file| Some(file.content))
}

/// What a template came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The bytes to be written.
    pub content: Arc<[u8]>,
    /// The names of the patches that it called, in order, each once.
    pub patches: Vec<Arc<str>>,
}

/// A template, rendered with the full configuration; or copied, if it is binary.
#[salsa::tracked]
pub fn rendered<'db>(db: &'db dyn Db, name: Name<'db>) -> Result<File, Failure> {
    let text = name.text(db);
    let owner = || Some(failure::template_owner(db, text));
    measured(db.profile(), Work::Template, text, owner, || {
        render(db, text)
    })
}

fn render(db: &dyn Db, text: &Arc<str>) -> Result<File, Failure> {
    if is_copied(db, text)? {
        return copied(db, text);
    }
    let Some(template) = compiled(db, text)? else {
        return Err(Diagnostic::error(
            "template-missing",
            format!("there is no template '{text}'"),
        )
        .into());
    };
    let mut host = GraphHost::new(
        db,
        Scope::Pass(Pass::Full),
        Draws::repeatable(format!("template {text}")),
    );
    host.is_same_text = recall::is_template_the_same(db, text);
    host.note(|| Read::Template(text.clone()));
    let place = |error: &Error| failure::template_place(db, text, error);
    match host.render(&template, place) {
        Ok(content) => {
            let patches = host.patches.into_inner();
            if let Some(reads) = host.reads {
                recall::keep_template(db, text, reads, content.as_bytes(), &patches);
            }
            Ok(File {
                content: content.into_bytes().into(),
                patches,
            })
        }
        Err(failure) if failure.owner.is_some() => Err(failure),
        Err(failure) => Err((*failure)
            .clone()
            .of(failure::template_owner(db, text))
            .into()),
    }
}

/// What is known of what a template comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// The hash.
    pub(super) hash: [u8; 32],
    /// The names of the patches that it called, in order, each once.
    pub(super) patches: Vec<Arc<str>>,
}

/// What a template comes to, as far as that is to be known without its text. Where that can be told without rendering
/// it, it is not rendered.
#[salsa::tracked]
fn hash<'db>(db: &'db dyn Db, name: Name<'db>) -> Result<Told, Failure> {
    let text = name.text(db);
    if is_copied(db, text)? {
        let path = locate(db, text).and_then(|located| located.path);
        if let Some(hash) = path.and_then(|path| db.file(&path).content(db).hash()) {
            let hash = *hash.as_bytes();
            return Ok(Told {
                hash,
                patches: Vec::new(),
            });
        }
    } else if let Some(told) = recall::template(db, text) {
        return Ok(told);
    }
    let file = rendered(db, name).as_ref().map_err(Clone::clone)?;
    Ok(Told {
        hash: *blake3::hash(&file.content).as_bytes(),
        patches: file.patches.clone(),
    })
}

/// The hash of what the template called `name` comes to.
///
/// # Errors
/// If it does not render.
pub fn hash_of<'db>(db: &'db dyn Db, name: Name<'db>) -> Result<blake3::Hash, Failure> {
    let told = hash(db, name).as_ref().map_err(Clone::clone)?;
    Ok(blake3::Hash::from_bytes(told.hash))
}

/// The names of the patches that the template called `name` calls.
pub(super) fn patches_of<'db>(
    db: &'db dyn Db,
    name: Name<'db>,
) -> Result<&'db [Arc<str>], &'db Failure> {
    hash(db, name).as_ref().map(|told| &told.patches[..])
}

/// What tells whether the template called `name` is another one: where it is found, and what is in it.
pub(super) fn fingerprint_of(db: &dyn Db, name: &str) -> Option<Fingerprint> {
    let Some(located) = locate(db, name) else {
        return Some(fingerprint_of_parts([]));
    };
    let root = located.root.to_le_bytes();
    Some(match &located.path {
        Some(path) => {
            fingerprint_of_parts([&root[..], db.file(path).content(db).hash()?.as_bytes()])
        }
        // Those in this program are the same as long as the program is.
        None => fingerprint_of_parts([&root[..]]),
    })
}

fn copied(db: &dyn Db, name: &str) -> Result<File, Failure> {
    let located = locate(db, name);
    let content = match located.as_ref().map(|located| &located.path) {
        Some(Some(path)) => match db.file(path).content(db) {
            Content::Unreadable(why) => {
                let place = Place {
                    origin: path.display().to_string(),
                    ..Place::default()
                };
                return Err(
                    Diagnostic::error("unreadable", format!("cannot be read: {why}"))
                        .at(place)
                        .into(),
                );
            }
            content => content.bytes().map(Arc::from),
        },
        Some(None) => templates::get(name).map(Arc::from),
        None => None,
    };
    content
        .map(|content| File {
            content,
            patches: Vec::new(),
        })
        .ok_or_else(|| {
            Diagnostic::error("template-missing", format!("there is no template '{name}'")).into()
        })
}
