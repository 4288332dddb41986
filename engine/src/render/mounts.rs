//! The setting `MOUNTS`: folders of the host that containers see.
//!
//! An item is either `service1,service2:/host/path:/container/path` or just `/host/path`, of which the name of the
//! folder decides where it is mounted.

use std::collections::BTreeSet;
use std::path::{Component, PathBuf};

use jinja::Error;
use values::{Value, iter};

use super::host::GraphHost;
use super::patterns;
use super::recall::Read;
use crate::hooks::{self, Mounting};

/// One mount.
struct Mount {
    service: String,
    host: String,
    container: String,
}

/// `host:container` of the mounts that concern one of the services `names`.
pub(super) fn compose(
    host: &GraphHost<'_>,
    mounts: &Value,
    names: &[Value],
) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    for mount in iter::collect(mounts)? {
        for Mount {
            service,
            host,
            container,
        } in parse(host, &mount)?
        {
            if names
                .iter()
                .any(|name| name.as_str() == Some(service.as_str()))
            {
                found.push(Value::str(format!("{host}:{container}")));
            }
        }
    }
    Ok(found)
}

/// The names of the mounted folders that are installed in the image `image`, sorted.
pub(super) fn directories(
    host: &GraphHost<'_>,
    mounts: &Value,
    image: &Value,
) -> Result<Vec<Value>, Error> {
    let mut names = BTreeSet::new();
    let rules = rules(host);
    for mount in iter::collect(mounts)? {
        for Mount { host, .. } in parse(host, &mount)? {
            let name = base_name(&host);
            if is_for_image(rules, name, image.as_str().unwrap_or_default()) {
                names.insert(name.to_owned());
                break;
            }
        }
    }
    Ok(names.into_iter().map(Value::str).collect())
}

fn parse(host: &GraphHost<'_>, mount: &Value) -> Result<Vec<Mount>, Error> {
    let Some(text) = mount.as_str() else {
        return Err(Error::type_error(format!(
            "expected string or bytes-like object, got '{}'",
            mount.type_name()
        )));
    };
    if let Some((services, folder, container)) = explicit(text) {
        let folder = absolute(host, folder);
        let services = services
            .split(',')
            .map(str::trim)
            .filter(|service| !service.is_empty());
        return Ok(services
            .map(|service| Mount {
                service: service.to_owned(),
                host: folder.clone(),
                container: container.to_owned(),
            })
            .collect());
    }
    let folder = absolute(host, text);
    let rules = rules(host);
    let mounts = if rules.is_changed {
        super::python::compose_mounts(host, base_name(&folder))?
    } else {
        containers(rules, base_name(&folder))
    };
    Ok(mounts
        .into_iter()
        .map(|(service, container)| Mount {
            service,
            host: folder.clone(),
            container,
        })
        .collect())
}

/// The parts of `services:/host:/container`. What follows a third colon is ignored, as in Tutor.
pub(super) fn explicit(text: &str) -> Option<(&str, &str, &str)> {
    let mut parts = text.splitn(4, ':');
    let (services, host, container) = (parts.next()?, parts.next()?, parts.next()?);
    let is_service = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ',' | ' ');
    (!services.is_empty()
        && services.chars().all(is_service)
        && !host.is_empty()
        && !container.is_empty())
    .then_some((services, host, container))
}

/// What plugins say of mounts.
pub(super) fn rules<'a>(host: &GraphHost<'a>) -> &'a Mounting {
    static NOTHING: Mounting = Mounting {
        directories: Vec::new(),
        everywhere: Vec::new(),
        is_changed: false,
        is_whole: false,
    };
    if !host.knows_plugins() {
        return &NOTHING;
    }
    host.note(|| Read::Mounting);
    hooks::mounting(host.db)
}

/// COMPOSE_MOUNTS: where a folder called `name` is mounted, by service.
fn containers(rules: &Mounting, name: &str) -> Vec<(String, String)> {
    let mut mounts = Vec::new();
    if matches!(name, "edx-platform" | "openedx-platform") {
        mounts.push(("openedx".into(), String::from("/openedx/edx-platform")));
    }
    let mut images: Vec<&str> = Vec::new();
    for image in images_with(rules, name) {
        images.push(image);
        // What is in the image is in that for developers.
        images.extend((!rules.is_whole && image == "openedx").then_some("openedx-dev"));
    }
    let mut seen = BTreeSet::new();
    images.retain(|image| seen.insert(*image));
    mounts.extend(
        images
            .into_iter()
            .map(|image| (image.to_owned(), format!("/mnt/{name}"))),
    );
    let everywhere = rules.everywhere.iter();
    mounts.extend(everywhere.map(|(service, path)| (service.to_string(), path.to_string())));
    mounts
}

/// MOUNTED_DIRECTORIES: the images that a folder called `name` is installed in.
pub(super) fn images_with<'a>(rules: &'a Mounting, name: &'a str) -> impl Iterator<Item = &'a str> {
    let core = (!rules.is_whole && is_python_package(name)).then_some("openedx");
    let plugins = rules.directories.iter();
    let plugins = plugins.filter(|(_, pattern)| patterns::begins(pattern, name));
    core.into_iter().chain(plugins.map(|(image, _)| &**image))
}

/// MOUNTED_DIRECTORIES: whether a folder called `name` is installed in the image.
fn is_for_image(rules: &Mounting, name: &str, image: &str) -> bool {
    let is_for_both = |other: &str| other == "openedx" && image == "openedx-dev";
    let is_it = |other: &str| other == image || (!rules.is_whole && is_for_both(other));
    let mut plugins = rules.directories.iter();
    (!rules.is_whole && is_it("openedx") && is_python_package(name))
        || plugins.any(|(other, pattern)| is_it(other) && patterns::begins(pattern, name))
}

/// MOUNTED_DIRECTORIES of the core: folders that are installed as Python packages. Names are matched at their
/// beginning only.
fn is_python_package(name: &str) -> bool {
    const PREFIXES: [&str; 5] = [
        "edx-enterprise",
        "edx-ora2",
        "edx-search",
        "opaque-keys",
        "platform-plugin-",
    ];
    let lower = name.to_ascii_lowercase();
    let is_block = lower.match_indices("xblock").any(|(index, _)| {
        // Only x and b may be capitals.
        name[index + 2..].starts_with("lock")
    });
    is_block
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || name
            .strip_prefix("openedx-")
            .is_some_and(|rest| !rest.starts_with("platform"))
}

pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `os.path.abspath(os.path.expanduser(path))`
pub(super) fn absolute(host: &GraphHost<'_>, path: &str) -> String {
    let expanded = match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => match host.location("~") {
            Some(home) => PathBuf::from(format!("{}{rest}", home.display())),
            None => PathBuf::from(path),
        },
        _ => PathBuf::from(path),
    };
    let full = if expanded.is_absolute() {
        expanded
    } else {
        host.location(".").unwrap_or_default().join(expanded)
    };
    let mut normal = PathBuf::new();
    for component in full.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal.display().to_string()
}
