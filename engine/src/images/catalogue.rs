//! Which images there are: the core's, as far as the template root in use has them, and those of plugins.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};
use values::{Value, iter};

use crate::config::Table;
use crate::diagnostics::{Diagnostic, Failure, Owner, Place, did_you_mean};
use crate::hooks::{self, Owned};
use crate::inputs::Db;
use crate::plugins::python::{Group, functions};
use crate::plugins::{self, BuildImage, Origin};
use crate::render::{self, Requested};

/// An image that is built (IMAGES_BUILD).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildItem {
    /// Its name on the command line.
    pub name: Arc<str>,
    /// The folder of its context, below `env/`.
    pub context: Arc<str>,
    /// Its tag, rendered.
    pub tag: String,
    /// More arguments of the build command, as they are.
    pub arguments: Vec<Arc<str>>,
    /// Folders of the host that take the place of stages: stage and folder.
    pub mounts: Vec<(String, String)>,
    /// Whose it is.
    pub owner: Owner,
}

/// An image that is pulled or pushed (IMAGES_PULL, IMAGES_PUSH).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteItem {
    /// Its name on the command line.
    pub name: Arc<str>,
    /// Its tag, rendered.
    pub tag: String,
}

/// What names of images are looked up in.
pub struct Catalogue<'a> {
    db: &'a dyn Db,
    settings: &'a Table,
}

/// Images of services: they are pulled unless the service runs elsewhere (`RUN_X`).
const SERVICES: [&str; 6] = ["caddy", "meilisearch", "mongodb", "mysql", "redis", "smtp"];
/// Images of the core that are built: name, folder below `build/`, setting of the tag.
const BUILT: [(&str, &str, &str); 3] = [
    ("openedx", "openedx", "DOCKER_IMAGE_OPENEDX"),
    ("permissions", "permissions", "DOCKER_IMAGE_PERMISSIONS"),
    ("openedx-dev", "openedx", "DOCKER_IMAGE_OPENEDX_DEV"),
];
/// The one that stays on the machine: it is for one user of it.
const FOR_DEVELOPERS: &str = "openedx-dev";

impl<'a> Catalogue<'a> {
    /// The images of a project with these settings.
    pub fn new(db: &'a dyn Db, settings: &'a Table) -> Self {
        Self { db, settings }
    }

    /// All images that are built, in order; several may have one name.
    ///
    /// # Errors
    /// If a plugin's function fails, a tag does not render, or `MOUNTS` is wrong.
    pub fn built(&self) -> Result<Vec<BuildItem>, Failure> {
        let items = self.changed(
            "IMAGES_BUILD",
            self.core_built(),
            hooks::build_images(self.db),
            |item| json!({ "t": "tuple", "v": [&*item.name, &*item.context, &*item.tag, words(&item.arguments)] }),
            build_image,
            "(name, path, tag, arguments)",
        )?;
        let none = Value::list(Vec::new());
        let mounts = self.settings.get("MOUNTS").unwrap_or(&none);
        let mounts = render::build_mounts(self.db, mounts)?;
        let item = |(item, owner): Owned<BuildImage>| {
            let folders = mounts.iter().flat_map(|mount| {
                let stages = mount.stages.iter();
                let stages = stages.filter(|(image, _)| *image == *item.name);
                stages.map(|(_, stage)| (stage.clone(), mount.folder.clone()))
            });
            Ok(BuildItem {
                tag: self.tag(&item.name, &item.tag, &owner)?,
                mounts: folders.collect(),
                name: item.name,
                context: item.context,
                arguments: item.arguments,
                owner,
            })
        };
        items.into_iter().map(item).collect()
    }

    /// All images that are pulled, in order.
    ///
    /// # Errors
    /// If a plugin's function fails, or a tag does not render.
    pub fn pulled(&self) -> Result<Vec<RemoteItem>, Failure> {
        let mut core: Vec<_> = SERVICES
            .into_iter()
            .filter_map(|name| {
                let upper = name.to_uppercase();
                let runs = self.settings.get(&format!("RUN_{upper}"));
                let runs = runs.is_none_or(|value| values::ops::truth(value).unwrap_or(true));
                let setting = format!("DOCKER_IMAGE_{upper}");
                let is_there = runs && self.settings.get(&setting).is_some();
                is_there.then(|| pair(name, &setting))
            })
            .collect();
        core.extend(self.core_remote());
        self.remote("IMAGES_PULL", core, hooks::pull_images(self.db))
    }

    /// All images that are pushed, in order.
    ///
    /// # Errors
    /// As for [`Catalogue::pulled`].
    pub fn pushed(&self) -> Result<Vec<RemoteItem>, Failure> {
        let core = self.core_remote().collect();
        self.remote("IMAGES_PUSH", core, hooks::push_images(self.db))
    }

    fn core_built(&self) -> Vec<BuildImage> {
        let user = match self.db.system().user_id() {
            // Not root: files that containers write should not be root's.
            0 => 1000,
            user => user,
        };
        let built = BUILT.into_iter().filter(|one| self.has(one));
        let image = |(name, folder, setting): (&str, &str, &str)| BuildImage {
            name: name.into(),
            context: format!("build/{folder}").into(),
            tag: setting_of(setting),
            arguments: if name == FOR_DEVELOPERS {
                let user = format!("--build-arg=APP_USER_ID={user}");
                vec!["--target=development".into(), user.into()]
            } else {
                Vec::new()
            },
        };
        built.map(image).collect()
    }

    fn core_remote(&self) -> impl Iterator<Item = (Arc<str>, Arc<str>)> {
        let built = BUILT.into_iter().filter(|one| self.has(one));
        let built = built.filter(|(name, _, _)| *name != FOR_DEVELOPERS);
        built.map(|(name, _, setting)| pair(name, setting))
    }

    /// Whether the template root in use has an image of the core's.
    fn has(&self, (_, folder, setting): &(&str, &str, &str)) -> bool {
        let dockerfile = format!("build/{folder}/Dockerfile");
        self.settings.get(setting).is_some() && render::locate(self.db, &dockerfile).is_some()
    }

    fn remote(
        &self,
        filter: &'static str,
        core: Vec<(Arc<str>, Arc<str>)>,
        plugins: &[Owned<(Arc<str>, Arc<str>)>],
    ) -> Result<Vec<RemoteItem>, Failure> {
        let said =
            |(name, tag): &(Arc<str>, Arc<str>)| json!({ "t": "tuple", "v": [&**name, &**tag] });
        let read = |value: &Value| match &iter::collect(value).ok()?[..] {
            [Value::Str(name), Value::Str(tag)] => Some((name.clone(), tag.clone())),
            _ => None,
        };
        let items = self.changed(filter, core, plugins, said, read, "a pair of name and tag")?;
        let item = |((name, tag), owner): Owned<(Arc<str>, Arc<str>)>| {
            Ok(RemoteItem {
                tag: self.tag(&name, &tag, &owner)?,
                name,
            })
        };
        items.into_iter().map(item).collect()
    }

    /// A filter that begins with the core's items: what functions make of it, if there are any.
    fn changed<T: Clone + PartialEq>(
        &self,
        filter: &'static str,
        core: Vec<T>,
        plugins: &[Owned<T>],
        said: impl Fn(&T) -> Json,
        read: impl Fn(&Value) -> Option<T>,
        wanted: &str,
    ) -> Result<Vec<Owned<T>>, Failure> {
        let mut all: Vec<_> = core.into_iter().map(|item| (item, Owner::Core)).collect();
        all.extend(plugins.iter().cloned());
        let Some(changer) = functions::changer_of(self.db, filter) else {
            return Ok(all);
        };
        // Functions are told of what the host does not know; it knows what plugins of API v1 add, and puts that in.
        let known = |owner: &Owner| match owner {
            Owner::Plugin(plugin) => self.is_known(plugin, filter),
            _ => false,
        };
        let begin = all.iter().filter(|(_, owner)| !known(owner));
        let begin: Vec<_> = begin.map(|(item, _)| said(item)).collect();
        let values = functions::apply(self.db, filter, &json!([begin, { "t": "config" }]))?;
        let owned = |value: &Value| {
            let item =
                read(value).ok_or_else(|| functions::wrong_item(self.db, filter, wanted, value))?;
            let owner = all.iter().find(|(other, _)| *other == item);
            let owner = owner.map_or_else(
                || Owner::Plugin(changer.clone()),
                |(_, owner)| owner.clone(),
            );
            Ok((item, owner))
        };
        values.iter().map(owned).collect()
    }

    /// Whether the host itself adds what `plugin` adds to `filter`.
    fn is_known(&self, plugin: &str, filter: &str) -> bool {
        // It is not told of images that plugins of API v0 build.
        let is_v1 =
            |origin: &Origin| matches!(origin, Origin::Python(plugin) if plugin.group == Group::V1);
        filter != "IMAGES_BUILD" || plugins::origin_of(self.db, plugin).is_some_and(is_v1)
    }

    /// The tag that `template` makes.
    fn tag(&self, name: &str, template: &str, owner: &Owner) -> Result<String, Failure> {
        if !render::is_template(&Value::str(template)) {
            return Ok(template.to_owned());
        }
        let settings: IndexMap<Arc<str>, Value> = self
            .settings
            .iter()
            .filter_map(|(name, outcome)| {
                Some((name.clone(), outcome.value.as_ref().ok()?.clone()?))
            })
            .collect();
        match render::on_request(self.db, &settings, Requested::Text(template)) {
            Ok(tag) => Ok(tag.as_str().unwrap_or_default().to_owned()),
            Err(failure) => {
                let place = Place {
                    origin: format!("the tag of image '{name}'"),
                    excerpt: None,
                    ..failure.place.clone().unwrap_or_default()
                };
                let error = Diagnostic {
                    place: Some(place),
                    owner: Some(owner.clone()),
                    ..(*failure).clone()
                };
                Err(error.into())
            }
        }
    }
}

/// That there is no image called `name`, and which one may be meant.
pub fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let error = Diagnostic::error(
        "image-unknown",
        format!("Image '{name}' could not be found"),
    );
    if let Some(near) = did_you_mean(name, known.clone()) {
        return error.hint(format!("did you mean '{near}'?"));
    }
    let mut names: Vec<_> = known.collect();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    error.hint(format!("there are: {}; or all", names.join(", ")))
}

fn setting_of(name: &str) -> Arc<str> {
    format!("{{{{ {name} }}}}").into()
}

fn pair(name: &str, setting: &str) -> (Arc<str>, Arc<str>) {
    (name.into(), setting_of(setting))
}

fn words(words: &[Arc<str>]) -> Json {
    let words: Vec<_> = words.iter().map(|word| &**word).collect();
    json!({ "t": "tuple", "v": words })
}

/// An item of IMAGES_BUILD, as functions may make it.
fn build_image(value: &Value) -> Option<BuildImage> {
    let items = iter::collect(value).ok()?;
    let [Value::Str(name), path, Value::Str(tag), arguments] = &items[..] else {
        return None;
    };
    let texts = |value: &Value| {
        let items = iter::collect(value).ok()?;
        let text = |item: &Value| Some(Arc::<str>::from(item.as_str()?));
        items.iter().map(text).collect::<Option<Vec<_>>>()
    };
    Some(BuildImage {
        name: name.clone(),
        context: match path {
            Value::Str(path) => path.clone(),
            parts => texts(parts)?.join("/").into(),
        },
        tag: tag.clone(),
        arguments: texts(arguments)?,
    })
}
