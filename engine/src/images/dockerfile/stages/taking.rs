//! What instructions take: COPY, ADD, and mounts of RUN.

use std::collections::BTreeMap;

use super::super::Problem;
use super::super::lines::Instruction;
use super::super::sources::{Paths, Remote, remote};
use super::{Left, Origin, Walk};

impl Walk<'_> {
    pub(super) fn copy(
        &mut self,
        instruction: &Instruction,
        at: usize,
        left: &Left,
    ) -> Result<(), Problem> {
        let escape = self.document.escape;
        let mut words = match serde_json::from_str::<Vec<String>>(&instruction.text) {
            Ok(words) => words,
            Err(_) => instruction
                .text
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        };
        words.pop();
        if words.is_empty() {
            let message = format!("{} needs a source and a destination", instruction.keyword);
            return Err(Problem::new(instruction.line, message));
        }
        let mut paths = Paths::default();
        for word in words {
            if word
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .starts_with("<<")
            {
                continue;
            }
            match Self::scope(left).expand(&word, escape) {
                Ok(source) if instruction.keyword == "ADD" => match remote(&source) {
                    // A checksum says what it is.
                    Some(Remote::Http { .. }) if instruction.flag("checksum").is_some() => {}
                    Some(remote) => drop(self.uses.remotes.insert(remote)),
                    None => paths.add(&source),
                },
                Ok(source) => paths.add(&source),
                Err(_) if instruction.keyword == "ADD" && may_be_remote(&word) => {
                    self.unknown(instruction.line, "where ADD fetches from");
                }
                Err(_) => paths.add_all(),
            }
        }
        // Folders above what is copied count, too.
        if instruction.has_flag("parents") {
            paths.add_all();
        }
        match instruction.flag("from") {
            None => self.uses.context.extend(&paths),
            Some(name) => self.from(name, &paths, instruction.line, at, left)?,
        }
        Ok(())
    }

    /// What is taken from a stage, a context or an image.
    fn from(
        &mut self,
        name: &str,
        paths: &Paths,
        line: usize,
        at: usize,
        left: &Left,
    ) -> Result<(), Problem> {
        let Ok(name) = Self::scope(left).expand(name, self.document.escape) else {
            self.unknown(line, "what is copied from");
            return Ok(());
        };
        match self.origin(&name, at, true) {
            Origin::Scratch => {}
            Origin::Stage(stage) => {
                let name = self.stages[stage].name.clone();
                match name.filter(|name| self.given.contexts.contains(name)) {
                    Some(name) => self.uses.contexts.entry(name).or_default().extend(paths),
                    None => drop(self.stage(stage)?),
                }
            }
            Origin::Context(context) => {
                self.uses.contexts.entry(context).or_default().extend(paths);
            }
            Origin::Image(image) => {
                if image.is_empty() {
                    return Err(Problem::new(line, "what is copied from has no name"));
                }
                self.uses.images.insert((image, None));
            }
        }
        Ok(())
    }

    pub(super) fn run(
        &mut self,
        instruction: &Instruction,
        at: usize,
        left: &Left,
    ) -> Result<(), Problem> {
        let mounts = instruction.flags.iter().filter(|(name, _)| name == "mount");
        let mounts: Vec<_> = mounts.filter_map(|(_, value)| value.clone()).collect();
        for mount in mounts {
            let options: BTreeMap<_, _> = mount
                .split(',')
                .map(|option| option.split_once('=').unwrap_or((option, "")))
                .map(|(name, value)| {
                    (
                        name.trim().to_ascii_lowercase(),
                        value.trim_matches('"').to_owned(),
                    )
                })
                .collect();
            let kind = options.get("type").map_or("bind", String::as_str);
            let from = options.get("from");
            if kind != "bind" && !(kind == "cache" && from.is_some()) {
                continue;
            }
            let mut paths = Paths::default();
            let source = options.get("source").or_else(|| options.get("src"));
            match source.map(|source| Self::scope(left).expand(source, self.document.escape)) {
                Some(Ok(source)) => paths.add(&source),
                // Older frontends take it as it is: whatever it means, it is in there.
                Some(Err(_)) | None => paths.add_all(),
            }
            match from {
                None => self.uses.context.extend(&paths),
                Some(name) => self.from(name, &paths, instruction.line, at, left)?,
            }
        }
        Ok(())
    }
}

/// Whether a source that is not known may be no path.
fn may_be_remote(word: &str) -> bool {
    word.starts_with('$')
        || word.contains("://")
        || word.contains('@')
        || word.starts_with("github.com/")
}
