//! Edits of a project's files, as editors make them.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Instant;

use tests::plugins_gen::{edited_plugin_text, plugin_name};

use crate::compare::SETTING;

/// How many plugins are edited: what a watch has read anew may stay in its memory, once for each of them.
const EDITED: usize = 10;

/// Somebody who edits files of a project: by turns `config.yml`, replaced as careful editors do, and a plugin's patch,
/// written in place. Without plugins it is `config.yml` both ways.
pub(crate) struct Editor {
    config: PathBuf,
    text: String,
    plugins_root: PathBuf,
    plugins: usize,
}

impl Editor {
    /// Of a project that has `SETTING` in its `config.yml`.
    pub(crate) fn new(root: &Path, plugins_root: &Path, plugins: usize) -> Result<Self, String> {
        let config = root.join("config.yml");
        let text = fs::read_to_string(&config).map_err(|error| error.to_string())?;
        if !text.contains(&format!("{SETTING}: Number 0\n")) {
            return Err(format!("{SETTING} is not where it is looked for"));
        }
        Ok(Self {
            config,
            text,
            plugins_root: plugins_root.to_owned(),
            plugins,
        })
    }

    /// Whether an edit is one of `config.yml`.
    pub(crate) fn edits_config(&self, number: usize) -> bool {
        self.plugins == 0 || number % 2 == 1
    }

    /// Makes an edit. The answer is the time right before the call that makes it count.
    pub(crate) fn edit(&self, number: usize) -> std::io::Result<Instant> {
        let setting = |number: usize| format!("{SETTING}: Number {number}\n");
        let text = self.text.replace(&setting(0), &setting(number));
        if number % 2 == 1 {
            return replace(&self.config, &text);
        }
        if self.edits_config(number) {
            return rewrite(&self.config, &text);
        }
        let index = number / 2 % self.plugins.min(EDITED);
        let path = self
            .plugins_root
            .join(format!("{}.yml", plugin_name(index)));
        rewrite(&path, &edited_plugin_text(index, number))
    }
}

/// Writes another file and puts it in the place of `path`.
fn replace(path: &Path, text: &str) -> std::io::Result<Instant> {
    let new = path.with_extension("yml.new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())?;
    drop(file);
    let now = Instant::now();
    fs::rename(&new, path)?;
    Ok(now)
}

/// Writes a file anew where it is. The answer is the time right before the call that makes it count.
pub(crate) fn rewrite(path: &Path, text: &str) -> std::io::Result<Instant> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    let now = Instant::now();
    drop(file);
    Ok(now)
}
