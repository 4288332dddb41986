//! Functions and constants that templates can use, besides Jinja2's own.

use std::sync::Arc;

use jinja::Error;
use values::{Args, Value, iter};

use super::host::{GraphHost, carry};
use super::recall::Read;
use super::{mounts, patches, python, rsa_key};
use crate::about;
use crate::hooks::Name;
use crate::inputs::Db;
use crate::render::templates;

/// Names of all constants, in Tutor's order.
pub const CONSTANTS: [&str; 6] = [
    "HOST_USER_ID",
    "TUTOR_APP",
    "TUTOR_VERSION",
    "TUTOR_VERSION_MAJOR",
    "TUTOR_VERSION_MINOR",
    "TUTOR_BRANCH_IS_MAIN",
];

/// Names of all functions and constants, for "did you mean".
pub(super) const NAMES: &[&str] = &[
    "patch",
    "iter_values_named",
    "iter_mounts",
    "iter_mounted_directories",
    "iter_cms_celery_parameters",
    "iter_lms_celery_parameters",
    "rsa_import_key",
    "HOST_USER_ID",
    "TUTOR_APP",
    "TUTOR_VERSION",
    "TUTOR_VERSION_MAJOR",
    "TUTOR_VERSION_MINOR",
    "TUTOR_BRANCH_IS_MAIN",
];

pub(super) fn is_function(name: &str) -> bool {
    NAMES[..7].contains(&name)
}

/// The constant called `name`.
pub fn constant(db: &dyn Db, name: &str) -> Option<Value> {
    Some(match name {
        "HOST_USER_ID" => Value::Int(i64::from(db.system().user_id())),
        "TUTOR_APP" => {
            let app = db
                .variable("TUTOR_APP")
                .value(db)
                .as_deref()
                .unwrap_or("tutor");
            Value::str(app.replace('-', "_"))
        }
        "TUTOR_VERSION" => Value::str(about::TUTOR_VERSION),
        "TUTOR_VERSION_MAJOR" => Value::Int(about::TUTOR_VERSION_MAJOR),
        "TUTOR_VERSION_MINOR" => Value::Int(about::TUTOR_VERSION_MINOR),
        "TUTOR_BRANCH_IS_MAIN" => Value::Bool(false),
        _ => return None,
    })
}

pub(super) fn call(host: &GraphHost<'_>, name: &str, args: &Args) -> Result<Value, Error> {
    match name {
        "patch" => patch(host, args),
        "iter_values_named" => values_named(host, args),
        "iter_mounts" => {
            let [mounts] = Args {
                positional: args.positional.iter().take(1).cloned().collect(),
                keyword: args.keyword.clone(),
            }
            .bind("iter_mounts", ["user_mounts"], 1)?;
            let names = args.positional.get(1..).unwrap_or_default();
            generator(
                "iter_mounts",
                mounts::compose(host, &mounts.unwrap_or(Value::None), names),
            )
        }
        "iter_mounted_directories" => {
            let [mounts, image] =
                args.bind("iter_mounted_directories", ["mounts", "image_name"], 2)?;
            let image = image.unwrap_or(Value::None);
            generator(
                name,
                mounts::directories(host, &mounts.unwrap_or(Value::None), &image),
            )
        }
        "iter_cms_celery_parameters" => celery(host, args, name, "cms", "low"),
        "iter_lms_celery_parameters" => celery(host, args, name, "lms", "high_mem"),
        "rsa_import_key" => {
            let [key] = args.bind("rsa_import_key", ["key"], 1)?;
            rsa_key::import(host.db, &key.unwrap_or(Value::None))
        }
        _ => Err(Error::unsupported(format!("there is no function '{name}'"))),
    }
}

/// A generator: what it yields, and the error that ends it, if any. What plugins fail with is told at once.
fn generator(name: &str, items: Result<Vec<Value>, Error>) -> Result<Value, Error> {
    let (items, error) = match items {
        Ok(items) => (items, None),
        Err(error) if error.payload.is_some() => return Err(error),
        Err(error) => (
            Vec::new(),
            Some(values::Error::type_error(error.message.clone())),
        ),
    };
    let text = format!("<generator object {name}>");
    Ok(iter::generator("generator", text, items, error))
}

fn patch(host: &GraphHost<'_>, args: &Args) -> Result<Value, Error> {
    let [name, separator, suffix] =
        args.bind("Renderer.patch", ["name", "separator", "suffix"], 1)?;
    let name = name.unwrap_or(Value::None);
    let text = |value: Option<Value>, default: &str, what: &str| match value {
        None => Ok(Arc::from(default)),
        Some(Value::Str(text) | Value::Markup(text)) => Ok(text),
        Some(Value::Undefined(undefined)) => Err(Error::undefined(&undefined)),
        Some(other) => Err(Error::type_error(format!(
            "patch(): {what} must be str, not {}",
            other.type_name()
        ))),
    };
    let name = text(Some(name), "", "name")?;
    let (separator, suffix) = (
        text(separator, "\n", "separator")?,
        text(suffix, "", "suffix")?,
    );
    carry(patches::patch_in(host, &name, &separator, &suffix)).map(Value::str)
}

fn values_named(host: &GraphHost<'_>, args: &Args) -> Result<Value, Error> {
    let [prefix, suffix, allow_empty] = args.bind(
        "Renderer.iter_values_named",
        ["prefix", "suffix", "allow_empty"],
        0,
    )?;
    let text = |value: Option<Value>| match value {
        None | Some(Value::None) => Ok(None),
        Some(Value::Str(text) | Value::Markup(text)) => Ok(Some(text)),
        Some(other) => Err(Error::type_error(format!(
            "startswith first arg must be str or a tuple of str, not {}",
            other.type_name()
        ))),
    };
    let allow_empty = allow_empty.is_some_and(|value| values::ops::truth(&value).unwrap_or(false));
    let mut items = Vec::new();
    for value in host.matching(text(prefix)?, text(suffix)?)? {
        if allow_empty || values::ops::truth(&value)? {
            items.push(value);
        }
    }
    generator("Renderer.iter_values_named", Ok(items))
}

/// The templates below a folder, for the filter `walk_templates`.
pub(super) fn walk_templates(host: &GraphHost<'_>, prefix: &Value) -> Result<Value, Error> {
    host.needs_plugins()?;
    let Some(prefix) = prefix.as_str() else {
        return Err(Error::type_error(format!(
            "sequence item 0: expected str instance, {} found",
            prefix.type_name()
        )));
    };
    host.note(|| Read::Listing(prefix.into()));
    let names =
        carry(templates::names_under(host.db, Name::new(host.db, Arc::from(prefix))).clone())?;
    let items = names.into_iter().map(Value::Str).collect();
    generator("Renderer.walk_templates", Ok(items))
}

/// The command of the LMS' or the CMS' worker.
fn celery(
    host: &GraphHost<'_>,
    args: &Args,
    name: &str,
    service: &str,
    third_queue: &str,
) -> Result<Value, Error> {
    let [] = args.bind(name, [], 0)?;
    let queue = format!("edx.{service}.core.");
    let parameters = [
        "celery".to_owned(),
        format!("--app={service}.celery"),
        "worker".to_owned(),
        "--loglevel=info".to_owned(),
        format!("--hostname={queue}default.%h"),
        format!("--queues={queue}default,{queue}high,{queue}{third_queue}"),
        "--max-tasks-per-child=100".to_owned(),
        "--prefetch-multiplier=1".to_owned(),
        "--without-gossip".to_owned(),
        "--without-mingle".to_owned(),
    ];
    let parameters = parameters.into_iter().map(Value::str).collect();
    let filter = format!("{}_WORKER_COMMAND", service.to_uppercase());
    generator(name, python::words(host, &filter, parameters))
}
