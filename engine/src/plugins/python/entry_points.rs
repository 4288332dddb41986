//! `entry_points.txt`: which plugins a distribution has.
//!
//! Knows the format only, as `importlib.metadata` reads it: lines are stripped, `[section]` begins a group,
//! `name = package.module:attribute [extras]` is an entry point, `#` begins a comment.

use std::fmt;
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Place};

/// What the group names of plugins begin with; a file without it has none.
pub(super) const MARK: &str = "tutor.plugin.";

/// The API that a plugin is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// `tutor.plugin.v0`: attributes of a module.
    V0,
    /// `tutor.plugin.v1`: hooks.
    V1,
}

impl Group {
    /// The name of the group of entry points.
    pub fn name(self) -> &'static str {
        match self {
            Self::V0 => "tutor.plugin.v0",
            Self::V1 => "tutor.plugin.v1",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::V0, Self::V1]
            .into_iter()
            .find(|group| group.name() == name)
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One entry point of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntryPoint {
    pub(super) group: Group,
    pub(super) name: Arc<str>,
    pub(super) module: Arc<str>,
    pub(super) attribute: Option<Arc<str>>,
    pub(super) line: usize,
}

/// The plugins that the file `origin` with this text declares, and what is wrong with the others.
pub(super) fn parse(text: &str, origin: &str) -> (Vec<EntryPoint>, Vec<Diagnostic>) {
    let mut plugins = Vec::new();
    let mut problems = Vec::new();
    let alert = |line: usize, excerpt: &str, message: String| {
        Diagnostic::alert("entry-point", message).at(Place {
            origin: origin.to_owned(),
            line: Some(line),
            column: None,
            width: 0,
            excerpt: Some(excerpt.to_owned()),
        })
    };
    // The section, and whether nothing was in it so far.
    let mut group = None;
    let mut seen_section = false;
    let mut empty: Option<(usize, &str, Group)> = None;
    for (index, raw) in text.lines().enumerate() {
        let (number, line) = (index + 1, raw.trim());
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('[') && line.ends_with(']') {
            let name = line.trim_matches(['[', ']']);
            seen_section = true;
            problems.extend(
                empty
                    .take()
                    .map(|(line, text, group)| no_plugin(&alert, line, text, group)),
            );
            group = Group::of(name);
            empty = group.map(|group| (number, raw, group));
            if let (None, Some(meant)) = (group, Group::of(name.trim())) {
                let message = format!(
                    "'{line}' is not the group '{meant}': the blanks inside the brackets count"
                );
                problems.push(alert(number, raw, message).hint(format!("write [{meant}]")));
            }
            continue;
        }
        if !seen_section {
            let message = "is in no section, so that it declares nothing: a line like [tutor.plugin.v1] \
                           is expected before it";
            let hint = if line.starts_with('\u{feff}') {
                "the file begins with a byte order mark, which hides its first section: save it as UTF-8 without one"
            } else {
                "correct the entry points of the package, and install it again"
            };
            problems.push(alert(number, raw, message.to_owned()).hint(hint));
            continue;
        }
        let Some(group) = group else { continue };
        empty = None;
        match entry_point(line, group, number) {
            Ok(plugin) => plugins.push(plugin),
            Err(message) => problems.push(alert(number, raw, message).hint(
                "correct the entry points of the package (`name = package.module`), and install it again",
            )),
        }
    }
    problems.extend(empty.map(|(line, text, group)| no_plugin(&alert, line, text, group)));
    (plugins, problems)
}

fn no_plugin(
    alert: &impl Fn(usize, &str, String) -> Diagnostic,
    line: usize,
    text: &str,
    group: Group,
) -> Diagnostic {
    let message =
        format!("no plugin follows in group '{group}': `name = package.module` is expected");
    alert(line, text, message).hint("correct the entry points of the package, and install it again")
}

/// One line of a group of plugins; else what is wrong with it.
fn entry_point(line: &str, group: Group, number: usize) -> Result<EntryPoint, String> {
    let Some((name, value)) = line.split_once('=') else {
        return Err(format!(
            "an entry point in group '{group}' is `name = package.module`, but this line has no `=`"
        ));
    };
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty() {
        return Err(format!("the plugin of module '{value}' has no name"));
    }
    if value.is_empty() {
        return Err(format!("plugin '{name}' names no module"));
    }
    let Some((module, attribute)) = reference(value) else {
        return Err(format!(
            "plugin '{name}' names '{value}', which is no module: `package.module` is expected"
        ));
    };
    Ok(EntryPoint {
        group,
        name: name.into(),
        module: module.into(),
        attribute: attribute.map(Into::into),
        line: number,
    })
}

/// Module and attribute of `module:attribute [extras]`.
fn reference(value: &str) -> Option<(&str, Option<&str>)> {
    let dotted = |text: &str| {
        text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
            .unwrap_or(text.len())
    };
    let (module, rest) = value.split_at(dotted(value));
    let mut rest = rest.trim_start();
    let mut attribute = None;
    if let Some(after) = rest.strip_prefix(':') {
        let after = after.trim_start();
        let (name, after) = after.split_at(dotted(after));
        attribute = Some(name);
        rest = after.trim_start();
    }
    let rest_is_extras = rest.is_empty() || (rest.starts_with('[') && rest.ends_with(']'));
    (!module.is_empty() && attribute != Some("") && rest_is_extras).then_some((module, attribute))
}
