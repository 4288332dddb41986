//! The built-in core template root: the files that a site's environment is rendered from, and the
//! settings that they read, embedded in the binary.
//!
//! The files are below `root/`, laid out as they are rendered; what is in a `partials` folder is
//! included by others and not rendered itself. The crate hands out bytes: it knows nothing of
//! Jinja2, of YAML, or of which files are rendered where. A user replaces the root as a whole.

/// Path from the root, `/` between its parts, and content; sorted by path.
static FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Every file of the root with its path, sorted by path.
///
/// ```
/// let paths: Vec<&str> = templates::files().iter().map(|(path, _)| *path).collect();
/// assert!(paths.is_sorted());
/// assert!(paths.contains(&"local/docker-compose.yml"));
/// ```
pub fn files() -> &'static [(&'static str, &'static [u8])] {
    FILES
}

/// The content of the file at `path`, which is written as in [`files`]: `config/base.yml`, not
/// `./config/base.yml`. A folder is not a file.
pub fn get(path: &str) -> Option<&'static [u8]> {
    let index = FILES
        .binary_search_by(|(candidate, _)| (*candidate).cmp(path))
        .ok()?;
    FILES.get(index).map(|(_, content)| *content)
}
