//! Commands about images.

use std::sync::Arc;

use serde_json::json;
use values::Value;

use super::{Answer, Session, checks};
use crate::cache::{CacheFolder, Context};
use crate::config::Table;
use crate::diagnostics::{Diagnostic, Diagnostics, Failure};
use crate::images::{
    self, Build, BuildItem, BuildOptions, Catalogue, Docker, Happening, Keep, Manner, Memory, Pace,
    Planned, RemoteItem, World,
};
use crate::plugins::python::functions;
use crate::save::StateFolder;

/// Which way an image goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From a registry to the engine.
    Pull,
    /// From the engine to a registry.
    Push,
}

impl Session {
    /// The tags of the images that are called so (`all`: of all that are built), in order. A name that is unknown is an
    /// error behind the tags of those before it, as in Tutor.
    ///
    /// # Errors
    /// If the settings or an image's tag are wrong.
    pub fn image_tags(&mut self, names: &[String]) -> Answer<Vec<String>> {
        let (settings, mut diagnostics) = self.full_settings()?;
        let built = self.built(&settings, &diagnostics)?;
        self.remember_records();
        let (found, unknown) = chosen(names, &built, |item| &item.name);
        diagnostics.extend(unknown);
        Ok((
            found.into_iter().map(|item| item.tag.clone()).collect(),
            diagnostics,
        ))
    }

    /// The builds of images, as data. Neither Docker nor their contexts are looked at.
    ///
    /// # Errors
    /// If settings or names are wrong, or a plugin's function fails.
    pub fn image_builds(&mut self, names: &[String], options: &BuildOptions) -> Answer<Vec<Build>> {
        let (settings, mut diagnostics) = self.full_settings()?;
        let built = self.built(&settings, &diagnostics)?;
        let (found, unknown) = chosen(names, &built, |item| &item.name);
        diagnostics.extend(unknown);
        let mut builds: Vec<Build> = Vec::new();
        for item in found {
            let build = self.build(item, options);
            let build = build.map_err(|failure| with(&diagnostics, failure))?;
            if !builds.contains(&build) {
                builds.push(build);
            }
        }
        self.remember_records();
        self.answer(builds, diagnostics)
    }

    /// What is to be done to build images, in order, and why. Nothing is done.
    ///
    /// # Errors
    /// If the engine does not answer, or images need each other in a circle. With those that cannot be built, unless
    /// others go on.
    pub fn plan_images(
        &self,
        builds: &[Build],
        manner: Manner,
        docker: &dyn Docker,
    ) -> Answer<Vec<Planned>> {
        self.with_plan(builds, manner, docker, |_, planned| planned)
    }

    /// Builds images, as far as that is needed, and tells what happens to which. Answers whether all are there.
    ///
    /// # Errors
    /// As for [`Session::plan_images`].
    pub fn build_images(
        &self,
        builds: &[Build],
        manner: Manner,
        pace: Pace,
        docker: &dyn Docker,
        events: &mut dyn FnMut(&Build, Happening),
    ) -> Answer<bool> {
        let (outcome, mut diagnostics) =
            self.with_plan(builds, manner, docker, |world, planned| {
                images::run(world, &planned, pace, &mut |at, happening| {
                    events(&planned[at].looked.build, happening);
                })
            })?;
        diagnostics.extend(outcome.problems.iter().cloned());
        Ok((outcome.is_complete, diagnostics))
    }

    /// The images that are pulled or pushed under these names, in order.
    ///
    /// # Errors
    /// If settings or tags are wrong. A name that is unknown is an error behind those before it, as in Tutor.
    pub fn remote_images(&mut self, names: &[String], way: Way) -> Answer<Vec<RemoteItem>> {
        let (settings, mut diagnostics) = self.full_settings()?;
        let catalogue = Catalogue::new(&self.db, &settings);
        let all = match way {
            Way::Pull => catalogue.pulled(),
            Way::Push => catalogue.pushed(),
        };
        let all = all.map_err(|failure| with(&diagnostics, failure))?;
        self.remember_records();
        let (found, unknown) = chosen(names, &all, |item| &item.name);
        diagnostics.extend(unknown);
        Ok((found.into_iter().cloned().collect(), diagnostics))
    }

    fn with_plan<T>(
        &self,
        builds: &[Build],
        manner: Manner,
        docker: &dyn Docker,
        then: impl FnOnce(&World<'_>, Vec<Planned>) -> T,
    ) -> Answer<T> {
        let system = self.db.shared_system();
        let keep = (!self.options.no_cache).then(|| Keep {
            folder: CacheFolder::new(StateFolder::new(&self.options.root).path()),
            context: Context::new([&b"images"[..], &system.user_id().to_le_bytes()]),
        });
        let memory = Memory::new(&*system, keep.as_ref());
        let world = World {
            system: &*system,
            docker,
            keep: keep.as_ref(),
            memory: &memory,
            manner,
        };
        let (planned, diagnostics) = world.plan(builds)?;
        if diagnostics.is_fatal(self.options.strict) && !manner.keep_going {
            return Err(diagnostics);
        }
        Ok((then(&world, planned), diagnostics))
    }

    /// The build of an image: Tutor's command, what plugins make of it (`DOCKER_BUILD_COMMAND`), and what that means.
    fn build(&self, item: &BuildItem, options: &BuildOptions) -> Result<Build, Failure> {
        const FILTER: &str = "DOCKER_BUILD_COMMAND";
        let mut words = images::command(item, options, &self.options.root.join("env"));
        if functions::add_to(&self.db, FILTER) || functions::changer_of(&self.db, FILTER).is_some()
        {
            let values = functions::apply(&self.db, FILTER, &json!([words]))?;
            let text = |value: &Value| match value.as_str() {
                Some(text) => Ok(text.to_owned()),
                None => Err(functions::wrong_item(&self.db, FILTER, "text", value)),
            };
            words = values.iter().map(text).collect::<Result<_, _>>()?;
        }
        let system = self.db.shared_system();
        images::parse(&item.name, &words, &|name| system.variable(name)).map_err(|why| {
            let message = format!(
                "the build command of image '{}' is not understood: {why}",
                item.name
            );
            Diagnostic::error("build-command", message)
                .of(item.owner.clone())
                .into()
        })
    }

    fn built(&self, settings: &Table, said: &Diagnostics) -> Result<Vec<BuildItem>, Diagnostics> {
        let built = Catalogue::new(&self.db, settings).built();
        built.map_err(|failure| with(said, failure))
    }

    /// All settings as templates see them, with what there is to say.
    fn full_settings(&mut self) -> Result<(Arc<Table>, Diagnostics), Diagnostics> {
        self.load_secret()?;
        let mut diagnostics = checks::of_plugins(&self.db);
        checks::version(&self.db, &mut diagnostics);
        let settings = checks::full(&self.db, &mut diagnostics).cloned();
        match settings.filter(|_| !diagnostics.is_fatal(self.options.strict)) {
            Some(settings) => Ok((settings, diagnostics)),
            None => Err(diagnostics),
        }
    }
}

fn with(said: &Diagnostics, failure: Failure) -> Diagnostics {
    let mut all = said.clone();
    all.push(failure);
    all
}

/// The items that are called so, in the order of the names; up to the first name that is unknown.
fn chosen<'a, T>(
    names: &[String],
    all: &'a [T],
    name_of: impl Fn(&T) -> &Arc<str>,
) -> (Vec<&'a T>, Option<Diagnostic>) {
    let mut chosen = Vec::new();
    for name in names {
        let before = chosen.len();
        chosen.extend(
            all.iter()
                .filter(|item| name == "all" || **name_of(item) == **name),
        );
        if chosen.len() == before && name != "all" {
            let known = all.iter().map(|item| &**name_of(item));
            return (chosen, Some(images::unknown(name, known)));
        }
    }
    (chosen, None)
}
