//! Writes the table of the files below `root/`, sorted by path, that `src/lib.rs` includes.
//!
//! It does not read the files: the compiler does, through `include_bytes!`.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script runs before there is an `engine::system::System`"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo looks at everything below a folder, for new and removed files too.
    println!("cargo:rerun-if-changed=root");
    println!("cargo:rerun-if-changed=build.rs");

    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("root");
    let mut files = Vec::new();
    collect(&root, "", &mut files)?;
    // By bytes, as `str` compares: the table is searched with `str`'s own order.
    files.sort();

    let mut table = String::from("[\n");
    for (path, source) in &files {
        let source = source
            .to_str()
            .ok_or_else(|| format!("{} is not UTF-8", source.display()))?;
        writeln!(table, "    ({path:?}, include_bytes!({source:?})),")?;
    }
    table.push_str("]\n");
    fs::write(PathBuf::from(variable("OUT_DIR")?).join("files.rs"), table)?;
    Ok(())
}

fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|error| format!("{name}: {error}").into())
}

/// Adds the files of `folder` to `files`, each with its path from the root, `/` between the parts.
///
/// Hidden files and Python's caches are what editors and tools leave behind, not templates.
fn collect(
    folder: &Path,
    prefix: &str,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| format!("{} is not UTF-8", name.display()))?;
        if name.starts_with('.') || name == "__pycache__" {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push((path, entry.path()));
        }
    }
    Ok(())
}
