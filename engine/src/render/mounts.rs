//! The setting `MOUNTS`: folders of the host that containers see.
//!
//! An item is either `service1,service2:/host/path:/container/path` or just `/host/path`, of which the name of the
//! folder decides where it is mounted.

use std::collections::BTreeSet;
use std::path::{Component, PathBuf};

use jinja::Error;
use values::{Value, iter};

use super::host::GraphHost;

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
    for mount in iter::collect(mounts)? {
        for Mount { host, .. } in parse(host, &mount)? {
            let name = base_name(&host);
            if matches!(image.as_str(), Some("openedx" | "openedx-dev")) && is_python_package(name)
            {
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
    let mounts = containers(base_name(&folder));
    Ok(mounts
        .into_iter()
        .map(|(service, container)| Mount {
            service: service.to_owned(),
            host: folder.clone(),
            container,
        })
        .collect())
}

/// The parts of `services:/host:/container`. What follows a third colon is ignored, as in Tutor.
fn explicit(text: &str) -> Option<(&str, &str, &str)> {
    let mut parts = text.splitn(4, ':');
    let (services, host, container) = (parts.next()?, parts.next()?, parts.next()?);
    let is_service = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ',' | ' ');
    (!services.is_empty()
        && services.chars().all(is_service)
        && !host.is_empty()
        && !container.is_empty())
    .then_some((services, host, container))
}

/// COMPOSE_MOUNTS of the core: where a folder called `name` is mounted, by service.
fn containers(name: &str) -> Vec<(&'static str, String)> {
    let mut mounts = Vec::new();
    if matches!(name, "edx-platform" | "openedx-platform") {
        mounts.push(("openedx", String::from("/openedx/edx-platform")));
    }
    if is_python_package(name) {
        mounts.push(("openedx", format!("/mnt/{name}")));
        mounts.push(("openedx-dev", format!("/mnt/{name}")));
    }
    mounts
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

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `os.path.abspath(os.path.expanduser(path))`
fn absolute(host: &GraphHost<'_>, path: &str) -> String {
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
