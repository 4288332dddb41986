//! Hashes the sources of everything that output depends on, so that a cache of one build is not used by another.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script runs before there is an `engine::system::System`"
)]

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
    println!("cargo:rustc-env=ENGINE_SOURCES={:016x}", hasher.finish());
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
