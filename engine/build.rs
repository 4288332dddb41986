//! Hashes the sources of everything that output depends on, so that a cache of one build is not used by another.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script runs before there is an `engine::system::System`"
)]

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

/// Folders and files, from the workspace's root.
const SOURCES: [&str; 7] = [
    "Cargo.lock",
    "Cargo.toml",
    "values/src",
    "yaml/src",
    "jinja/src",
    "templates/root",
    "engine/src",
];

fn main() -> Result<(), Box<dyn Error>> {
    let workspace = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        let path = workspace.join(source);
        // Cargo looks at everything below a folder.
        println!("cargo:rerun-if-changed={}", path.display());
        feed(&path, &mut hasher)?;
    }
    println!("cargo:rerun-if-changed=build.rs");
    embed_sdk()?;
    println!("cargo:rustc-env=ENGINE_SOURCES={:016x}", hasher.finish());
    Ok(())
}

/// Writes the table of the modules of the Python SDK, by their paths, that `plugins/python/sdk.rs` includes. It does not
/// read them: the compiler does.
fn embed_sdk() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("src/plugins/python/sdk");
    let mut files = Vec::new();
    collect(&root, "", &mut files)?;
    files.sort();
    let mut table = String::from("[\n");
    for (name, path) in &files {
        writeln!(
            table,
            "    ({name:?}, include_str!({:?})),",
            path.display().to_string()
        )?;
    }
    table.push_str("]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("sdk.rs"), table)?;
    Ok(())
}

/// The Python files in the folders below `folder`, with their names from there.
fn collect(
    folder: &Path,
    prefix: &str,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else if name.contains('/') && entry.path().extension() == Some("py".as_ref()) {
            files.push((name, entry.path()));
        }
    }
    Ok(())
}

fn feed(path: &Path, hasher: &mut DefaultHasher) -> Result<(), Box<dyn Error>> {
    hasher.write(path.to_string_lossy().as_bytes());
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        entries.sort();
        entries.iter().try_for_each(|entry| feed(entry, hasher))
    } else {
        let content = fs::read(path)?;
        hasher.write_usize(content.len());
        hasher.write(&content);
        Ok(())
    }
}
