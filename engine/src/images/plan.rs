//! What is to be done about several images, in which order, and why. Nothing is done here.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::context::Keep;
use super::decide::{Decision, Judged, Present, decide, judge};
use super::docker::Docker;
use super::history::ends_with;
use super::label::{Fingerprint, LABEL};
use super::look::{Looked, look};
use super::memory::Memory;
use super::order::sorted;
use super::request::Build;
use super::resolve::{Answers, Resolver};
use crate::diagnostics::{Diagnostic, Diagnostics, Failure};
use crate::system::System;

/// How to decide.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Manner {
    /// `--force`
    pub force: bool,
    /// `--offline`
    pub offline: bool,
    /// `--pull-unchanged`
    pub pull_unchanged: bool,
    /// Whether images that cannot be looked at are left out, and the others go on.
    pub keep_going: bool,
}

/// An image, and what is to be done about it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What it is made from, on this machine.
    pub looked: Looked,
    /// What it is made from, altogether.
    pub judged: Judged,
    /// What is to be done.
    pub decision: Decision,
    /// The numbers of those that have to be there before.
    pub needs: Vec<usize>,
}

/// The world that a plan is made in.
pub struct World<'a> {
    /// Files.
    pub system: &'a dyn System,
    /// Docker.
    pub docker: &'a dyn Docker,
    /// Where hashes of files are kept.
    pub keep: Option<&'a Keep>,
    /// What is remembered.
    pub memory: &'a Memory<'a>,
    /// How to decide.
    pub manner: Manner,
}

impl World<'_> {
    /// Looks at all builds and decides about them. Those that fail are told, and left out.
    ///
    /// # Errors
    /// If they need each other in a circle.
    pub fn plan(&self, builds: &[Build]) -> Result<(Vec<Planned>, Diagnostics), Diagnostics> {
        let mut problems = Diagnostics::new();
        let native = self.docker.platform();
        let looked = builds
            .par_iter()
            .with_max_len(1)
            .map(|build| {
                for tag in &build.tags {
                    self.docker
                        .canonical(tag)
                        .map_err(|failure| in_image(build, &failure))?;
                }
                look(self.system, build, &native, self.keep)
            })
            .collect::<Vec<_>>();
        let mut images = Vec::new();
        for outcome in looked {
            match outcome {
                Ok(looked) => {
                    problems.extend(looked.remarks.iter().cloned());
                    images.push(looked);
                }
                Err(failure) => problems.push(failure),
            }
        }
        let needs = self.needs(&images);
        let order =
            sorted(&needs).map_err(|circle| Diagnostics::from(in_a_circle(&images, &circle)))?;
        let (answers, present) = rayon::join(|| self.answers(&images), || self.present(&images));
        let present = present?;
        let mut planned: Vec<Option<Planned>> = images.iter().map(|_| None).collect();
        for at in &order {
            let one = self.decided(&images[*at], &answers, &present, &needs[*at], &planned);
            planned[*at] = Some(one);
        }
        let mut place = vec![0; order.len()];
        for (index, at) in order.iter().enumerate() {
            place[*at] = index;
        }
        let mut planned = order
            .iter()
            .filter_map(|at| planned[*at].take())
            .collect::<Vec<_>>();
        for one in &mut planned {
            for need in &mut one.needs {
                *need = place[*need];
            }
        }
        Ok((planned, problems))
    }

    /// A name in full; as it is, if it is none.
    fn canonical(&self, name: &str) -> String {
        self.docker
            .canonical(name)
            .unwrap_or_else(|_| name.to_owned())
    }

    /// Which of `images` each of them is built on.
    fn needs(&self, images: &[Looked]) -> Vec<Vec<usize>> {
        let mut tags: BTreeMap<String, usize> = BTreeMap::new();
        for (at, image) in images.iter().enumerate() {
            for tag in &image.build.tags {
                tags.insert(self.canonical(tag), at);
            }
        }
        let needs = images.iter().map(|image| {
            let needed = image
                .images
                .iter()
                .filter_map(|name| tags.get(&self.canonical(name)).copied());
            needed.collect::<BTreeSet<_>>().into_iter().collect()
        });
        needs.collect()
    }

    /// What all names stand for.
    fn answers(&self, images: &[Looked]) -> Answers {
        let tags = images.iter().flat_map(|image| image.build.tags.iter());
        let tags: BTreeSet<_> = tags.map(|tag| self.canonical(tag)).collect();
        let before = self.memory.resolved();
        let mut resolved = before.clone();
        let resolver = Resolver::new(
            self.system,
            self.docker,
            self.manner.offline,
            before.clone(),
        );
        let mut answers = Answers::default();
        for elsewhere in [false, true] {
            let some = images
                .iter()
                .filter(|image| is_elsewhere(&image.build) == elsewhere);
            let some: Vec<_> = some.collect();
            if some.is_empty() {
                continue;
            }
            let names = some
                .iter()
                .flat_map(|image| image.images.iter().cloned())
                .collect();
            let remotes = some
                .iter()
                .flat_map(|image| image.remotes.iter().cloned())
                .collect();
            let found = resolver.resolve(&names, &remotes, elsewhere, &|name| {
                tags.contains(&self.canonical(name))
            });
            answers.bases.extend(found.bases);
            answers.remotes.extend(found.remotes);
            answers.etags.extend(found.etags);
            answers.plain.extend(found.plain);
        }
        answers.remember(&mut resolved);
        if resolved != before {
            self.memory.remember_resolved(&resolved);
        }
        answers
    }

    /// What the engine has under the tags of images.
    fn present(&self, images: &[Looked]) -> Result<Present, Failure> {
        let tags: BTreeSet<&str> = images
            .iter()
            .flat_map(|image| image.build.tags.iter().map(String::as_str))
            .collect();
        let tags: Vec<_> = tags.into_iter().collect();
        let mut present = Present::default();
        for (tag, found) in tags.iter().zip(self.docker.inspect(&tags)) {
            if let Some(image) = found? {
                present.images.insert((*tag).to_owned(), image);
            }
        }
        Ok(present)
    }

    fn decided(
        &self,
        looked: &Looked,
        answers: &Answers,
        present: &Present,
        needs: &[usize],
        before: &[Option<Planned>],
    ) -> Planned {
        let mut judged = judge(looked, answers);
        let built_first = needs.iter().filter_map(|need| before[*need].as_ref());
        let built_first: Vec<_> = built_first
            .filter(|one| one.decision != Decision::Unchanged)
            .filter_map(|one| one.looked.build.tags.first())
            .map(|tag| format!("base image {tag} is built first"))
            .collect();
        if !built_first.is_empty() {
            // What that comes to is known only then.
            judged.fingerprint = None;
            judged.unknown.clear();
        }
        let decision = self.decide(looked, &judged, present, &built_first);
        Planned {
            looked: looked.clone(),
            judged,
            decision,
            needs: needs.to_vec(),
        }
    }

    /// Decides about one image, once what it is built on is there.
    fn decide(
        &self,
        looked: &Looked,
        judged: &Judged,
        present: &Present,
        also: &[String],
    ) -> Decision {
        let mut forced = Vec::new();
        forced.extend(self.manner.force.then_some("--force"));
        forced.extend(looked.build.no_cache.then_some("--no-cache"));
        let is_forced = !forced.is_empty();
        forced.extend(also.iter().map(String::as_str));
        let mut decision = decide(looked, judged, present, self.memory, &forced);
        if decision == Decision::Unchanged && !self.is_ours(looked, present) {
            decision = Decision::Build {
                again: true,
                reasons: vec![String::from("the tag was moved to another image")],
            };
        }
        if self.manner.pull_unchanged
            && !is_forced
            && looked.build.output.is_none()
            && matches!(decision, Decision::Build { .. })
            && self.is_in_registry(looked, judged)
        {
            return Decision::Pull;
        }
        decision
    }

    /// Whether an image that has our label is ours: images that are built on ours inherit it.
    fn is_ours(&self, looked: &Looked, present: &Present) -> bool {
        let tag = looked.build.tags.first();
        let Some((tag, image)) = tag.and_then(|tag| Some((tag, present.images.get(tag)?))) else {
            return false;
        };
        if self
            .memory
            .image(tag)
            .is_some_and(|known| known.id == image.id)
        {
            return true;
        }
        let texts: Vec<_> = looked
            .uses
            .text
            .iter()
            .map(|(_, text)| text.clone())
            .collect();
        let history = self.docker.history(&image.id);
        history.is_ok_and(|history| ends_with(&history, &texts))
    }

    /// Whether a registry has an image of the same fingerprint.
    fn is_in_registry(&self, looked: &Looked, judged: &Judged) -> bool {
        let (Some(fingerprint), [tag]) = (&judged.fingerprint, &looked.build.tags[..]) else {
            return false;
        };
        let labels = self.docker.remote_labels(tag).ok().flatten();
        let label = labels.as_ref().and_then(|labels| labels.get(LABEL));
        label
            .and_then(|label| Fingerprint::read(label))
            .is_some_and(|label| label.is(fingerprint))
    }

    /// Decides again about an image whose base was just built.
    ///
    /// # Errors
    /// If the engine does not answer, or its files cannot be read.
    pub fn again(&self, planned: &Planned) -> Result<Planned, Failure> {
        let looked = look(
            self.system,
            &planned.looked.build,
            &self.docker.platform(),
            self.keep,
        )?;
        let images = std::slice::from_ref(&looked);
        let present = self.present(images)?;
        let judged = judge(&looked, &self.answers(images));
        let decision = self.decide(&looked, &judged, &present, &[]);
        Ok(Planned {
            looked,
            judged,
            decision,
            needs: planned.needs.clone(),
        })
    }
}

/// Whether images of the engine mean nothing to a build.
fn is_elsewhere(build: &Build) -> bool {
    build.pull || build.builder.is_some()
}

fn in_image(build: &Build, failure: &Failure) -> Failure {
    let message = format!("image '{}': {}", build.name, failure.message);
    Diagnostic {
        message,
        ..(**failure).clone()
    }
    .into()
}

fn in_a_circle(images: &[Looked], circle: &[usize]) -> Diagnostic {
    let mut names: Vec<_> = circle.iter().map(|at| &*images[*at].build.name).collect();
    names.extend(names.first().copied());
    let message = format!(
        "these images are built on each other, in a circle: {}",
        names.join(" -> ")
    );
    Diagnostic::error("image-cycle", message)
        .hint("look at what their Dockerfiles have in FROM and COPY --from")
}
