//! Plugins as Python packages, written file by file as `pip` leaves them: no pip is needed.
//!
//! ```text
//! FOLDER/NAME/__init__.py
//! FOLDER/NAME/plugin.py
//! FOLDER/tutor_NAME-1.0.dist-info/{METADATA,RECORD,entry_points.txt,…}
//! ```
//!
//! Knows what an installed package looks like, not who looks at it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A package that declares a plugin.
#[derive(Debug, Clone)]
pub struct Package {
    name: String,
    version: String,
    entry_points: String,
    files: Vec<(String, String)>,
}

impl Package {
    /// The plugin `name` of API v0 that is the module `name.plugin` with this text; version 1.0.
    pub fn new(name: &str, module: &str) -> Self {
        Self::bare(name)
            .file(&format!("{name}/__init__.py"), "")
            .file(&format!("{name}/plugin.py"), module)
    }

    /// The same without any module.
    pub fn bare(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: "1.0".to_owned(),
            entry_points: format!("[tutor.plugin.v0]\n{name} = {name}.plugin\n"),
            files: Vec::new(),
        }
    }

    /// A distribution without plugins: the module `name` with this text.
    pub fn library(name: &str, module: &str) -> Self {
        let mut package = Self::bare(name).file(&format!("{name}.py"), module);
        package.entry_points.clear();
        package
    }

    /// With this version.
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    /// With this text of `entry_points.txt`.
    pub fn entry_points(mut self, text: &str) -> Self {
        text.clone_into(&mut self.entry_points);
        self
    }

    /// With another file, at a path relative to the folder of packages.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    /// With its files changed: each is given by path and text.
    pub fn map(mut self, change: impl Fn(&str, String) -> String) -> Self {
        for (path, text) in &mut self.files {
            *text = change(path, std::mem::take(text));
        }
        self
    }

    /// The plugin's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of its distribution.
    pub fn distribution(&self) -> String {
        format!("tutor-{}", self.name)
    }

    /// The name of the folder of its metadata.
    pub fn metadata(&self) -> String {
        format!("tutor_{}-{}.dist-info", self.name, self.version)
    }

    /// Writes it into a folder of packages, as an installed wheel.
    pub fn install(&self, folder: &Path) -> io::Result<()> {
        self.write_files(folder)?;
        self.write_metadata(folder, "")
    }

    /// Writes its modules into a folder of sources, without metadata.
    pub fn write_files(&self, folder: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            write(&folder.join(path), text)?;
        }
        Ok(())
    }

    /// As `pip install --editable` does it today: metadata in `site`, with a `direct_url.json` and a `.pth` file that
    /// leads to `sources`.
    pub fn install_editable(&self, sources: &Path, site: &Path) -> io::Result<()> {
        self.write_files(sources)?;
        let url = format!(
            "{{\"dir_info\": {{\"editable\": true}}, \"url\": \"file://{}\"}}",
            sources.display()
        );
        self.write_metadata(site, &url)?;
        let path = format!("{}\n", sources.display());
        write(
            &site.join(format!(
                "__editable__.tutor_{}-{}.pth",
                self.name, self.version
            )),
            &path,
        )
    }

    /// As `setup.py develop` did it: metadata beside the sources, an `.egg-link` and a line of `easy-install.pth` in
    /// `site`.
    pub fn install_in_development(&self, sources: &Path, site: &Path) -> io::Result<()> {
        self.write_files(sources)?;
        let metadata = sources.join(format!("tutor_{}.egg-info", self.name));
        write(&metadata.join("PKG-INFO"), &self.identity())?;
        write(&metadata.join("entry_points.txt"), &self.entry_points)?;
        write(&metadata.join("top_level.txt"), &format!("{}\n", self.name))?;
        let path = format!("{}\n", sources.display());
        write(
            &site.join(format!("{}.egg-link", self.distribution())),
            &format!("{path}."),
        )?;
        write(&site.join("easy-install.pth"), &path)
    }

    fn write_metadata(&self, folder: &Path, direct_url: &str) -> io::Result<()> {
        let metadata = folder.join(self.metadata());
        write(&metadata.join("METADATA"), &self.identity())?;
        write(&metadata.join("INSTALLER"), "pip\n")?;
        write(
            &metadata.join("WHEEL"),
            "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )?;
        write(&metadata.join("top_level.txt"), &format!("{}\n", self.name))?;
        if !self.entry_points.is_empty() {
            write(&metadata.join("entry_points.txt"), &self.entry_points)?;
        }
        if !direct_url.is_empty() {
            write(&metadata.join("direct_url.json"), direct_url)?;
        }
        let mut record = String::new();
        for (path, _) in &self.files {
            record.push_str(path);
            record.push_str(",,\n");
        }
        for name in ["METADATA", "INSTALLER", "WHEEL", "RECORD"] {
            for part in [&self.metadata(), "/", name, ",,\n"] {
                record.push_str(part);
            }
        }
        write(&metadata.join("RECORD"), &record)
    }

    fn identity(&self) -> String {
        format!(
            "Metadata-Version: 2.1\nName: {}\nVersion: {}\n",
            self.distribution(),
            self.version
        )
    }
}

/// Writes a file, and the folders above it if need be.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().map(PathBuf::from).unwrap_or_default();
    fs::create_dir_all(folder)?;
    fs::write(path, text)
}
