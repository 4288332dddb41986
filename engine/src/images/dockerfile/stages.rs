//! What a build of one target looks at: which stages, arguments, images, paths and remote sources.

mod taking;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::lines::{Document, Instruction};
use super::platform::{Platform, platform_arguments};
use super::sources::{Paths, Remote};
use super::words::{Scope, split};

/// What a build is given besides the Dockerfile.
#[derive(Clone, Debug)]
pub(in crate::images) struct Given<'a> {
    /// Build arguments.
    pub arguments: &'a BTreeMap<String, String>,
    /// The stage that is built; `None` for the last.
    pub target: Option<&'a str>,
    /// The names of other contexts, in lower case.
    pub contexts: &'a BTreeSet<String>,
    /// The platform that is built for.
    pub platform: &'a Platform,
    /// The platform of the engine.
    pub native: &'a Platform,
}

/// What a build looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// The instructions that count, without comments: line and text.
    pub text: Vec<(usize, String)>,
    /// The arguments that count, by name and stage: what they come to (`None`: they are not set).
    pub arguments: BTreeMap<(String, usize), Option<String>>,
    /// The images that it is built on, or copies from, with their platforms if these are given.
    pub images: BTreeSet<(String, Option<String>)>,
    /// What it fetches.
    pub remotes: BTreeSet<Remote>,
    /// What it takes from its context.
    pub context: Paths,
    /// What it takes from other contexts, by name.
    pub contexts: BTreeMap<String, Paths>,
    /// Why it cannot be told what it looks at.
    pub unknown: Vec<String>,
}

struct Stage<'a> {
    name: Option<String>,
    from: &'a Instruction,
    body: Vec<&'a Instruction>,
}

/// What a name in FROM or `--from` means.
enum Origin {
    Scratch,
    Stage(usize),
    Context(String),
    Image(String),
}

/// What a stage leaves to those that are built on it.
#[derive(Clone, Default)]
struct Left {
    environment: BTreeMap<String, String>,
    arguments: BTreeMap<String, Option<String>>,
    has_more: bool,
    /// The number among the stages that count.
    number: usize,
}

struct Walk<'a> {
    document: &'a Document,
    given: &'a Given<'a>,
    stages: Vec<Stage<'a>>,
    globals: Scope,
    left: BTreeMap<usize, Left>,
    uses: Uses,
}

/// What the build of a Dockerfile looks at.
///
/// # Errors
/// If it cannot be built: a stage is missing, or an instruction is not where it may be.
pub(in crate::images) fn uses(document: &Document, given: &Given<'_>) -> Result<Uses, Problem> {
    let mut walk = Walk {
        document,
        given,
        stages: Vec::new(),
        globals: Scope::default(),
        left: BTreeMap::new(),
        uses: Uses::default(),
    };
    let mut heads = Vec::new();
    for instruction in &document.instructions {
        match (instruction.keyword.as_str(), walk.stages.last_mut()) {
            ("FROM", _) => {
                let name = stage_name(instruction)?;
                walk.stages.push(Stage {
                    name,
                    from: instruction,
                    body: Vec::new(),
                });
            }
            (_, Some(stage)) => stage.body.push(instruction),
            ("ARG", None) => heads.push(instruction),
            _ => {
                let message = format!(
                    "the first instruction must be FROM, found {}",
                    instruction.keyword
                );
                return Err(Problem::new(instruction.line, message));
            }
        }
    }
    if walk.stages.is_empty() {
        return Err(Problem::new(1, "there is no FROM in this Dockerfile"));
    }
    walk.globals(&heads);
    if let Some(syntax) = &document.syntax {
        walk.uses.text.push((1, format!("# syntax={syntax}")));
        // Other programs may understand the text in other ways.
        let name = syntax.split([':', '@']).next().unwrap_or_default();
        if !name
            .trim_start_matches("docker.io/")
            .starts_with("docker/dockerfile")
        {
            walk.uses
                .unknown
                .push(format!("the Dockerfile is read by '{syntax}'"));
        }
    }
    let target = walk.target()?;
    walk.stage(target)?;
    let mut uses = walk.uses;
    // Stages that do not count do not count here either.
    let counting: BTreeSet<usize> = uses.arguments.keys().map(|(_, at)| *at).collect();
    let number = |at: usize| counting.range(..at).count();
    let arguments = std::mem::take(&mut uses.arguments).into_iter();
    uses.arguments = arguments
        .map(|((name, at), value)| ((name, number(at)), value))
        .collect();
    Ok(uses)
}

/// The name behind AS.
fn stage_name(from: &Instruction) -> Result<Option<String>, Problem> {
    let words: Vec<_> = from.text.split_whitespace().collect();
    match &words[..] {
        [_] => Ok(None),
        [_, word, name] if word.eq_ignore_ascii_case("as") => Ok(Some(name.to_ascii_lowercase())),
        _ => Err(Problem::new(
            from.line,
            "FROM is followed by an image, and AS and a name perhaps",
        )),
    }
}

impl Walk<'_> {
    /// Arguments before the first FROM.
    fn globals(&mut self, heads: &[&Instruction]) {
        for (prefix, platform) in [
            ("TARGET", self.given.platform),
            ("BUILD", self.given.native),
        ] {
            for (name, value) in platform_arguments(prefix, platform) {
                self.globals.known.insert(name, Some(value));
            }
        }
        for head in heads {
            for word in split(&head.text, self.document.escape) {
                let (name, default) = match word.split_once('=') {
                    Some((name, default)) => (name, Some(default)),
                    None => (&*word, None),
                };
                let value = match (self.given.arguments.get(name), default) {
                    (Some(given), _) => Ok(Some(given.clone())),
                    (None, Some(default)) => {
                        self.globals.expand(default, self.document.escape).map(Some)
                    }
                    (None, None) => Ok(self.globals.known.get(name).cloned().flatten()),
                };
                if let Ok(value) = value {
                    self.globals.known.insert(name.to_owned(), value);
                } else {
                    self.globals.known.remove(name);
                    self.globals.has_more = true;
                }
            }
        }
    }

    fn target(&self) -> Result<usize, Problem> {
        let last = self.stages.len() - 1;
        let Some(target) = self.given.target.filter(|target| !target.is_empty()) else {
            return Ok(last);
        };
        let lower = target.to_ascii_lowercase();
        let named = self
            .stages
            .iter()
            .rposition(|stage| stage.name.as_deref() == Some(&*lower));
        let number = target.parse().ok().filter(|number| *number <= last);
        named.or(number).ok_or_else(|| {
            let names: Vec<_> = self
                .stages
                .iter()
                .filter_map(|stage| stage.name.as_deref())
                .collect();
            Problem {
                hint: Some(
                    match crate::diagnostics::did_you_mean(&lower, names.iter().copied()) {
                        Some(near) => format!("did you mean '{near}'?"),
                        None if names.is_empty() => String::from("none of its stages has a name"),
                        None => format!("its stages are: {}", names.join(", ")),
                    },
                ),
                ..Problem::new(
                    self.stages[last].from.line,
                    format!("there is no stage '{target}'"),
                )
            }
        })
    }

    fn unknown(&mut self, line: usize, what: &str) {
        self.uses.unknown.push(format!(
            "line {line} of the Dockerfile: {what} cannot be told"
        ));
    }

    /// What `name` means in the stage `at`.
    fn origin(&self, name: &str, at: usize, may_be_number: bool) -> Origin {
        let lower = name.to_ascii_lowercase();
        if self.given.contexts.contains(&lower) {
            return Origin::Context(lower);
        }
        let before = &self.stages[..at];
        if let Some(stage) = before
            .iter()
            .rposition(|stage| stage.name.as_deref() == Some(&*lower))
        {
            return Origin::Stage(stage);
        }
        match name.parse::<usize>() {
            Ok(number) if may_be_number && number < at => Origin::Stage(number),
            _ if name == "scratch" => Origin::Scratch,
            _ => Origin::Image(name.to_owned()),
        }
    }

    /// Looks at a stage, and at those that it needs.
    fn stage(&mut self, at: usize) -> Result<Left, Problem> {
        if let Some(left) = self.left.get(&at) {
            return Ok(left.clone());
        }
        let from = self.stages[at].from;
        let name = self.stages[at].name.clone();
        // A context takes the place of the whole stage of its name.
        if let Some(name) = name.filter(|name| self.given.contexts.contains(name)) {
            self.uses.contexts.entry(name).or_default().add_all();
            return Ok(Left::default());
        }
        let platform = from
            .flag("platform")
            .map(|text| self.globals.expand(text, self.document.escape));
        let platform = match platform {
            Some(Err(_)) => {
                self.unknown(from.line, "the platform");
                None
            }
            Some(Ok(platform)) => Some(platform),
            None => None,
        };
        let word = from.text.split_whitespace().next().unwrap_or_default();
        let (mut left, base) = match self.globals.expand(word, self.document.escape) {
            Err(_) => {
                self.unknown(from.line, "the base image");
                (
                    Left {
                        has_more: true,
                        ..Left::default()
                    },
                    word.to_owned(),
                )
            }
            Ok(base) if base.is_empty() => {
                return Err(Problem {
                    hint: Some(String::from(
                        "give the argument a default, or set it with --build-arg",
                    )),
                    ..Problem::new(
                        from.line,
                        format!("the name of the base image, '{word}', comes to nothing"),
                    )
                });
            }
            Ok(base) => match self.origin(&base, at, false) {
                Origin::Scratch => (Left::default(), base),
                Origin::Stage(stage) => {
                    let left = self.stage(stage)?;
                    let base = format!("stage {}", left.number);
                    (left, base)
                }
                Origin::Context(context) => {
                    // What it is made of counts as a whole: it is the root of the stage.
                    self.uses.contexts.entry(context).or_default().add_all();
                    (
                        Left {
                            has_more: true,
                            ..Left::default()
                        },
                        base,
                    )
                }
                Origin::Image(image) => {
                    self.uses.images.insert((image, platform.clone()));
                    (
                        Left {
                            has_more: true,
                            ..Left::default()
                        },
                        base,
                    )
                }
            },
        };
        left.number = self.left.len();
        let platform = platform
            .map(|platform| format!(" --platform={platform}"))
            .unwrap_or_default();
        let mut text = vec![(from.line, format!("FROM{platform} {base}"))];
        let body = std::mem::take(&mut self.stages[at].body);
        for instruction in &body {
            text.push((instruction.line, said(instruction)));
            self.instruction(instruction, at, &mut left)?;
        }
        self.stages[at].body = body;
        // Needed ones come first, whatever their order in the file.
        left.number = self.left.len();
        self.uses.text.extend(text);
        self.left.insert(at, left.clone());
        Ok(left)
    }

    fn instruction(
        &mut self,
        instruction: &Instruction,
        at: usize,
        left: &mut Left,
    ) -> Result<(), Problem> {
        match instruction.keyword.as_str() {
            "ARG" => self.argument(instruction, at, left),
            "ENV" => self.environment(instruction, left),
            "COPY" | "ADD" => return self.copy(instruction, at, left),
            "RUN" => return self.run(instruction, at, left),
            // It is done in a stage that is built on this one: whatever it takes is there.
            "ONBUILD" => self.uses.context.add_all(),
            _ => {}
        }
        Ok(())
    }

    fn scope(left: &Left) -> Scope {
        let arguments = left.arguments.iter();
        let mut known: BTreeMap<_, _> = arguments
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let environment = left.environment.iter();
        known.extend(environment.map(|(name, value)| (name.clone(), Some(value.clone()))));
        Scope {
            known,
            has_more: left.has_more,
        }
    }

    fn argument(&mut self, instruction: &Instruction, at: usize, left: &mut Left) {
        for word in split(&instruction.text, self.document.escape) {
            let (name, default) = match word.split_once('=') {
                Some((name, default)) => (name, Some(default)),
                None => (&*word, None),
            };
            let expanded = default.map(|text| Self::scope(left).expand(text, self.document.escape));
            let value = match (self.given.arguments.get(name), expanded) {
                (Some(given), _) => Some(given.clone()),
                (None, Some(Ok(default))) => Some(default),
                (None, Some(Err(_))) => {
                    // What it comes to depends on the base image, and that is looked at, too.
                    left.arguments.remove(name);
                    left.has_more = true;
                    self.uses
                        .arguments
                        .insert((name.to_owned(), at), default.map(str::to_owned));
                    continue;
                }
                (None, None) => self.globals.known.get(name).cloned().flatten(),
            };
            self.uses
                .arguments
                .insert((name.to_owned(), at), value.clone());
            left.arguments.insert(name.to_owned(), value);
        }
    }

    fn environment(&mut self, instruction: &Instruction, left: &mut Left) {
        let words = split(&instruction.text, self.document.escape);
        let pairs: Vec<(String, String)> = match words.first() {
            Some(first) if !first.contains('=') => {
                let rest = instruction.text[first.len()..].trim().to_owned();
                vec![(first.clone(), rest)]
            }
            _ => {
                let pairs = words.iter().filter_map(|word| word.split_once('='));
                pairs
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect()
            }
        };
        // All of one instruction see what was before it.
        let scope = Self::scope(left);
        for (name, value) in pairs {
            if let Ok(value) = scope.expand(&value, self.document.escape) {
                left.environment.insert(name, value);
            } else {
                left.environment.remove(&name);
                left.arguments.remove(&name);
                left.has_more = true;
            }
        }
    }
}

/// An instruction, without what depends on how it is written down. What arguments come to is looked at elsewhere.
fn said(instruction: &Instruction) -> String {
    let mut said = instruction.keyword.clone();
    for (name, value) in &instruction.flags {
        said.push_str(" --");
        said.push_str(name);
        if let Some(value) = value {
            said.push('=');
            said.push_str(value);
        }
    }
    if instruction.keyword == "ARG" {
        for word in split(&instruction.text, '\\') {
            said.push(' ');
            said.push_str(word.split('=').next().unwrap_or_default());
        }
        return said;
    }
    said.push(' ');
    said.push_str(&instruction.text);
    for heredoc in &instruction.heredocs {
        said.push('\n');
        said.push_str(&heredoc.content);
    }
    said
}
