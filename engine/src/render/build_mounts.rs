//! The setting `MOUNTS`, where images are built: folders of the host that take the place of a stage of a Dockerfile.

use jinja::Error;
use serde_json::json;
use values::{Value, iter};

use super::draws::Draws;
use super::host::{GraphHost, Scope};
use super::mounts::{absolute, base_name, explicit, images_with, rules};
use crate::diagnostics::{Diagnostic, Failure, Owner, Place};
use crate::inputs::Db;
use crate::plugins::python::functions;

/// A folder of the host, and the builds that it takes part in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildMount {
    /// The folder, absolute.
    pub folder: String,
    /// Images, each with the name of the stage that the folder takes the place of (`IMAGES_BUILD_MOUNTS`).
    pub stages: Vec<(String, String)>,
}

/// What the items of `MOUNTS` mean for builds. Those that name services are for running containers only.
///
/// # Errors
/// If `mounts` is no list of texts, or a plugin's function fails.
pub fn build_mounts(db: &dyn Db, mounts: &Value) -> Result<Vec<BuildMount>, Failure> {
    let settings = indexmap::IndexMap::new();
    let host = GraphHost::new(db, Scope::Map(&settings), Draws::Fresh);
    let of_setting = |error: &Error| {
        let place = Place {
            origin: String::from("setting 'MOUNTS'"),
            ..Place::default()
        };
        let message = format!(
            "the folders to be mounted cannot be read: {}",
            error.message
        );
        Failure::from(
            Diagnostic::error("mounts", message)
                .at(place)
                .of(Owner::User),
        )
    };
    let mut found = Vec::new();
    for mount in iter::collect(mounts).map_err(|error| of_setting(&error.into()))? {
        let Some(text) = mount.as_str() else {
            let wrong = format!("expected texts, found {}", mount.type_name());
            return Err(of_setting(&Error::type_error(wrong)));
        };
        if explicit(text).is_none() {
            let folder = absolute(&host, text);
            let stages = stages(db, &host, &folder)?;
            found.push(BuildMount { folder, stages });
        }
    }
    Ok(found)
}

/// `IMAGES_BUILD_MOUNTS`, of one folder.
fn stages(
    db: &dyn Db,
    host: &GraphHost<'_>,
    folder: &str,
) -> Result<Vec<(String, String)>, Failure> {
    const FILTER: &str = "IMAGES_BUILD_MOUNTS";
    let name = base_name(folder);
    let mut stages = Vec::new();
    let mut add = |image: &str, stage: &str| {
        stages.push((image.to_owned(), stage.to_owned()));
        if image == "openedx" {
            // What is in the image is in that for developers.
            stages.push((String::from("openedx-dev"), stage.to_owned()));
        }
    };
    if matches!(name, "edx-platform" | "openedx-platform") {
        add("openedx", "edx-platform");
    }
    for image in images_with(rules(host), name) {
        add(image, &format!("mnt-{name}"));
    }
    if !functions::add_to(db, FILTER) {
        return Ok(stages);
    }
    // Functions are told of the core's, and add what is data themselves.
    let pairs = stages
        .iter()
        .map(|(image, stage)| json!({ "t": "tuple", "v": [image, stage] }));
    let all = functions::apply(db, FILTER, &json!([pairs.collect::<Vec<_>>(), folder]))?;
    let pair = |item: &Value| {
        let items = iter::collect(item).ok()?;
        match items.iter().map(Value::as_str).collect::<Vec<_>>()[..] {
            [Some(image), Some(stage)] => Some((image.to_owned(), stage.to_owned())),
            _ => None,
        }
    };
    let wanted = "a pair of image and stage";
    let pairs = all
        .iter()
        .map(|item| pair(item).ok_or_else(|| functions::wrong_item(db, FILTER, wanted, item)));
    pairs.collect()
}
