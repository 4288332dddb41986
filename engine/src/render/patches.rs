//! Patches: each plugin's text, rendered on its own, and where templates call which.

use std::collections::BTreeMap;
use std::sync::Arc;

use jinja::{Error, Template};

use super::draws::Draws;
use super::host::{GraphHost, Scope};
use super::recall::{self, Read};
use super::{failure, templates, text};
use crate::config::Pass;
use crate::diagnostics::{Diagnostic, Failure, Owner};
use crate::hooks::{self, Contributor, Name, PatchKey};
use crate::inputs::Db;
use crate::plugins::python::functions;
use crate::profile::{Work, measured};

/// What one plugin's patch came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub text: Arc<str>,
    /// The names of the patches that it called, in order, each once.
    pub patches: Vec<Arc<str>>,
    /// Whether the next render comes to something else: plugins keep something from call to call.
    pub passes: bool,
}

/// A plugin's patch, rendered with the full configuration.
#[salsa::tracked(cycle_result = patch_in_a_cycle)]
pub fn rendered_patch<'db>(db: &'db dyn Db, key: PatchKey<'db>) -> Result<Rendered, Failure> {
    let (Contributor { plugin, nth }, patch) = (key.contributor(db), key.patch(db));
    let Some(template) = hooks::patch_text(db, key) else {
        return Ok(Rendered {
            text: "".into(),
            patches: Vec::new(),
            passes: false,
        });
    };
    if let Some((text, patches)) = recall::patch(db, key, template) {
        return Ok(Rendered {
            text,
            patches,
            passes: false,
        });
    }
    let rendered = render_patch(db, key, template)?;
    if rendered.passes {
        functions::note_fresh_patch(db, plugin, *nth, patch);
    }
    Ok(rendered)
}

/// Renders a plugin's patch, and keeps it for later processes.
fn render_patch<'db>(
    db: &'db dyn Db,
    key: PatchKey<'db>,
    template: &str,
) -> Result<Rendered, Failure> {
    let (Contributor { plugin, nth }, patch) = (key.contributor(db), key.patch(db));
    let mut host = GraphHost::new(
        db,
        Scope::Pass(Pass::Full),
        Draws::repeatable(match nth {
            0 => format!("patch {patch} of plugin {plugin}"),
            nth => format!("patch {patch} of plugin {plugin} {nth}"),
        }),
    );
    host.within_patch = true;
    host.is_same_text = recall::is_patch_the_same(db, key, template);
    let place = |error: &Error| failure::patch_place(db, plugin, patch, template, error);
    let owner = || Some(Owner::Plugin(plugin.clone()));
    let rendered = measured(db.profile(), Work::Patch, patch, owner, || {
        text::text(&host, template, place)
    });
    match rendered {
        Ok(text) => {
            let patches = host.patches.into_inner();
            let passes = host.passes.get();
            if let Some(reads) = host.reads {
                recall::keep_patch(db, key, template, reads, &text, &patches);
            }
            Ok(Rendered {
                text: text.into(),
                patches,
                passes,
            })
        }
        Err(failure) => Err(with_owner(&failure, plugin, patch)),
    }
}

fn with_owner(failure: &Failure, plugin: &Arc<str>, patch: &str) -> Failure {
    if failure.owner.is_some() {
        return failure.clone();
    }
    let diagnostic = (**failure).clone().of(Owner::Plugin(plugin.clone()));
    Arc::new(diagnostic.note(format!("in patch '{patch}' of plugin '{plugin}'")))
}

fn patch_in_a_cycle<'db>(
    db: &'db dyn Db,
    _id: salsa::Id,
    key: PatchKey<'db>,
) -> Result<Rendered, Failure> {
    let (plugin, patch) = (&key.contributor(db).plugin, key.patch(db));
    let diagnostic = Diagnostic::error("patch-cycle", format!("patch '{patch}' includes itself"));
    let place = crate::plugins::place_of(db, plugin, &["patches", patch]);
    let diagnostic = Diagnostic {
        place,
        ..diagnostic
    };
    Err(diagnostic
        .of(Owner::Plugin(plugin.clone()))
        .hint(format!(
            "take the call {{{{ patch(\"{patch}\") }}}} out of it, or out of what it calls"
        ))
        .into())
}

/// The patch `name` of all plugins: their texts, with `separator` between and `suffix` after them if there is any.
///
/// # Errors
/// The failure of the first plugin's patch that fails.
pub fn patch(db: &dyn Db, name: &str, separator: &str, suffix: &str) -> Result<String, Failure> {
    let mut joined = String::new();
    let plugins = hooks::patch_contributors(db, Name::new(db, Arc::from(name)));
    for (index, plugin) in plugins.iter().enumerate() {
        if index > 0 {
            joined.push_str(separator);
        }
        let key = PatchKey::new(db, plugin.clone(), Arc::from(name));
        joined.push_str(&rendered_patch(db, key).as_ref().map_err(Clone::clone)?.text);
    }
    if !joined.is_empty() {
        joined.push_str(suffix);
    }
    Ok(joined)
}

/// How the texts of a patch are joined.
#[salsa::interned(debug)]
struct Join<'db> {
    patch: Arc<str>,
    separator: Arc<str>,
}

/// The same without a suffix, for all templates that call it: a thousand texts are joined once.
#[salsa::tracked]
fn joined<'db>(db: &'db dyn Db, join: Join<'db>) -> Result<Arc<str>, Failure> {
    patch(db, join.patch(db), join.separator(db), "").map(Into::into)
}

/// The same, as a render with another scope sees it: while settings are rendered there are no finished patches.
pub(super) fn patch_in(
    host: &GraphHost<'_>,
    name: &str,
    separator: &str,
    suffix: &str,
) -> Result<String, Failure> {
    if let Scope::Pass(Pass::Full) = host.scope {
        let mut patches = host.patches.borrow_mut();
        if !patches.iter().any(|patch| &**patch == name) {
            patches.push(name.into());
        }
        drop(patches);
        host.note(|| Read::Patch(name.into()));
        let text = if host.within_patch {
            // Patches that call each other in a circle are found where each plugin's own is rendered.
            patch(host.db, name, separator, suffix)?
        } else {
            let join = Join::new(host.db, Arc::from(name), Arc::from(separator));
            let text = joined(host.db, join).as_ref().map_err(Clone::clone)?;
            match (text.is_empty(), suffix) {
                (true, _) | (_, "") => text.to_string(),
                _ => format!("{text}{suffix}"),
            }
        };
        return Ok(anew(host, name, separator, suffix)?.unwrap_or(text));
    }
    if !host.knows_plugins() {
        // Nobody fills it yet.
        return Ok(String::new());
    }
    if let Some(reads) = &host.reads {
        reads.note_other();
    }
    let db = host.db;
    let mut texts = Vec::new();
    for contributor in hooks::patch_contributors(db, Name::new(db, Arc::from(name))) {
        let key = PatchKey::new(db, contributor.clone(), Arc::from(name));
        let plugin = &contributor.plugin;
        let Some(source) = hooks::patch_text(db, key) else {
            continue;
        };
        let place = |error: &Error| failure::patch_place(db, plugin, name, source, error);
        let template: Template = host
            .environment()
            .parse(None, source)
            .map_err(|error| failure::of(host, &error, place))?;
        texts.push(
            host.render(&template, place)
                .map_err(|failure| with_owner(&failure, plugin, name))?,
        );
    }
    let mut joined = texts.join(separator);
    if !joined.is_empty() {
        joined.push_str(suffix);
    }
    Ok(joined)
}

/// The patch `name` of all plugins, if one of these comes to something else with each render: that is rendered where it
/// is called. (The first time is that in which it turned out.)
fn anew(
    host: &GraphHost<'_>,
    name: &str,
    separator: &str,
    suffix: &str,
) -> Result<Option<String>, Failure> {
    let db = host.db;
    if !functions::keep_anything(db) {
        return Ok(None);
    }
    let contributors = hooks::patch_contributors(db, Name::new(db, Arc::from(name)));
    let mut texts = Vec::with_capacity(contributors.len());
    let mut passes = false;
    for contributor in contributors {
        let key = PatchKey::new(db, contributor.clone(), Arc::from(name));
        let rendered = rendered_patch(db, key).as_ref().map_err(Clone::clone)?;
        let Contributor { plugin, nth } = contributor;
        let mut text = rendered.text.clone();
        if rendered.passes
            && !functions::take_fresh_patch(db, plugin, *nth, name)
            && let Some(template) = hooks::patch_text(db, key)
        {
            text = render_patch(db, key, template)?.text;
        }
        passes |= rendered.passes;
        texts.push(text);
    }
    if !passes {
        return Ok(None);
    }
    host.note_passing();
    let mut joined = texts.join(separator);
    if !joined.is_empty() {
        joined.push_str(suffix);
    }
    Ok(Some(joined))
}

/// Which templates call which patches: by patch, in the order of the calls. A call within a patch is listed as
/// `within patch: NAME`. All templates are rendered for this, whether a target names them or not.
pub fn patch_locations(db: &dyn Db) -> Result<BTreeMap<Arc<str>, Vec<String>>, Vec<Failure>> {
    let mut locations = BTreeMap::new();
    let mut failures = Vec::new();
    let names = match templates::names_under(db, Name::new(db, Arc::from(""))) {
        Ok(names) => names,
        Err(failure) => return Err(vec![failure.clone()]),
    };
    for name in names {
        match templates::patches_of(db, Name::new(db, name.clone())) {
            Ok(patches) => patches
                .iter()
                .for_each(|patch| record(db, patch, name, &mut locations)),
            Err(failure) if failures.contains(failure) => {}
            Err(failure) => failures.push(failure.clone()),
        }
    }
    if failures.is_empty() {
        Ok(locations)
    } else {
        Err(failures)
    }
}

fn record(
    db: &dyn Db,
    patch: &Arc<str>,
    location: &str,
    locations: &mut BTreeMap<Arc<str>, Vec<String>>,
) {
    let known = locations.entry(patch.clone()).or_default();
    if known.iter().any(|other| other == location) {
        return;
    }
    known.push(location.to_owned());
    for plugin in hooks::patch_contributors(db, Name::new(db, patch.clone())) {
        if let Ok(rendered) = rendered_patch(db, PatchKey::new(db, plugin.clone(), patch.clone())) {
            for nested in &rendered.patches {
                record(db, nested, &format!("within patch: {patch}"), locations);
            }
        }
    }
}
