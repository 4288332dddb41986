//! Random edits of a project with Python plugins: their code, their data, templates, settings, mounts, which are enabled.
//!
//! Says what is to be changed, and does nothing. The same seed makes the same edits.

mod pieces;

use super::Rng;
use crate::today;
use pieces::{BEGIN, FILTERS, PATCHES, PIECES, PRIORITIES, TEMPLATES, WORDS};

/// The generated plugins.
const NAMES: [&str; 3] = ["alpha", "beta", "gamma"];

/// The folders of templates that some of them have, with the file that others include.
const TEMPLATE_FILES: [&str; 5] = [
    "apps/one.txt",
    "apps/deep/2.txt",
    "build/Dockerfile",
    "build/__pycache__/1.txt",
    "partials/part.txt",
];

/// What is changed before a save, and how it is saved.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Files of the world, with their new text; `None` removes one.
    pub files: Vec<(String, Option<String>)>,
    /// The plugins that are enabled from now on, if that changes.
    pub enabled: Option<Vec<String>>,
    /// Arguments of `config save`.
    pub args: Vec<String>,
}

/// A project that is edited.
#[derive(Debug)]
pub struct Edits {
    rng: Rng,
    /// The pieces of each generated plugin, as they were written.
    written: [Vec<String>; 3],
    enabled: Vec<&'static str>,
    public: Vec<&'static str>,
    mounts: Vec<String>,
}

impl Edits {
    /// The edits with this number.
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        // Most of the time a few: each of the public ones makes saves longer.
        let public: Vec<_> = today::PLUGINS
            .into_iter()
            .filter(|_| rng.chance(35))
            .collect();
        Self {
            rng,
            written: [const { Vec::new() }; 3],
            enabled: Vec::new(),
            public,
            mounts: Vec::new(),
        }
    }

    /// What there is to begin with.
    pub fn first(&mut self) -> Step {
        let mut step = Step::default();
        for at in 0..NAMES.len() {
            for _ in 0..3 + self.rng.below(5) {
                let piece = self.piece(at);
                self.written[at].push(piece);
            }
            self.write_plugin(at, &mut step);
            self.write_data(at, &mut step);
            for file in TEMPLATE_FILES {
                self.write_template(at, file, &mut step);
            }
        }
        self.choose_enabled(&mut step);
        step
    }

    /// What is changed next.
    pub fn another(&mut self) -> Step {
        let mut step = Step::default();
        // Mostly one thing, sometimes several at once.
        loop {
            self.edit(&mut step);
            if !self.rng.chance(25) {
                return step;
            }
        }
    }

    fn edit(&mut self, step: &mut Step) {
        let at = self.rng.below(NAMES.len());
        match self.rng.below(100) {
            0..40 => self.edit_plugin(at, step),
            40..52 => {
                let file = self.rng.pick(&TEMPLATE_FILES);
                // What is included has to be there.
                if self.rng.chance(20) && !file.starts_with("partials") {
                    step.files.push((path_of_template(at, file), None));
                } else {
                    self.write_template(at, file, step);
                }
            }
            52..60 => self.write_data(at, step),
            60..65 => step.files.push((
                format!("data/more-{}.txt", self.rng.below(3)),
                self.rng.chance(60).then(|| String::from("more")),
            )),
            65..80 => self.set(at, step),
            80..90 => self.mount(step),
            _ => self.choose_enabled(step),
        }
    }

    fn edit_plugin(&mut self, at: usize, step: &mut Step) {
        let piece = self.piece(at);
        let pieces = &mut self.written[at];
        match self.rng.below(4) {
            0 if pieces.len() > 1 => {
                let gone = self.rng.below(pieces.len());
                pieces.remove(gone);
            }
            1 if pieces.len() > 1 => {
                let from = self.rng.below(pieces.len());
                let moved = pieces.remove(from);
                pieces.insert(self.rng.below(pieces.len() + 1), moved);
            }
            2 if !pieces.is_empty() => {
                let changed = self.rng.below(pieces.len());
                pieces[changed] = piece;
            }
            _ => pieces.push(piece),
        }
        self.write_plugin(at, step);
    }

    fn write_plugin(&mut self, at: usize, step: &mut Step) {
        let text = format!("{BEGIN}{}\n", self.written[at].join("\n"));
        let path = format!("plugins/{}.py", NAMES[at]);
        step.files.push((path, Some(text)));
    }

    fn write_data(&mut self, at: usize, step: &mut Step) {
        let text = self.filled("WORD NUMBER\n", at);
        step.files
            .push((format!("data/{}.txt", NAMES[at]), Some(text)));
    }

    fn write_template(&mut self, at: usize, file: &str, step: &mut Step) {
        let mut text = String::new();
        for _ in 0..=self.rng.below(3) {
            let template = self.rng.pick(TEMPLATES);
            if !(file.starts_with("partials") && template.contains("include")) {
                text.push_str(&self.filled(template, at));
            }
        }
        step.files.push((path_of_template(at, file), Some(text)));
    }

    /// A setting of the core's, of a public plugin or of a generated one.
    fn set(&mut self, at: usize, step: &mut Step) {
        let own = NAMES[at].to_ascii_uppercase();
        let word = self.filled("WORD", at);
        let set = |pair: String| vec![String::from("-s"), pair];
        let unset = |name: String| vec![String::from("-U"), name];
        step.args.extend(match self.rng.below(8) {
            0 => set(format!("LMS_HOST={word}.example")),
            1 => set(format!("ENABLE_HTTPS={}", self.rng.chance(50))),
            2 => set(format!("PLATFORM_NAME={word} {{{{ LMS_HOST }}}}")),
            3 => set(format!("MFE_HOST={word}.example")),
            4 => set(format!("{own}_A={word}")),
            5 => set(format!("{own}_COUNT={}", self.rng.below(9))),
            6 => unset(format!("{own}_A")),
            _ => unset(String::from("PLATFORM_NAME")),
        });
    }

    fn mount(&mut self, step: &mut Step) {
        if !self.mounts.is_empty() && self.rng.chance(40) {
            let gone = self.rng.below(self.mounts.len());
            let gone = self.mounts.remove(gone);
            step.args.extend([String::from("-A"), gone]);
            return;
        }
        let folder = match self.rng.below(5) {
            0 => "/x/frontend-app-learning",
            1 => "/x/course-discovery",
            2 => "/x/mounted-1-thing",
            3 => "/x/mounted-2",
            _ => "lms,cms:/x/here:/openedx/there",
        };
        let pair = format!("MOUNTS={folder}");
        if !self.mounts.contains(&pair) {
            self.mounts.push(pair.clone());
            step.args.extend([String::from("-a"), pair]);
        }
    }

    fn choose_enabled(&mut self, step: &mut Step) {
        let rng = &mut self.rng;
        self.enabled = self.public.clone();
        self.enabled.retain(|_| rng.chance(85));
        self.enabled
            .extend(NAMES.into_iter().filter(|_| rng.chance(80)));
        let enabled = self.enabled.iter();
        step.enabled = Some(enabled.map(|name| (*name).to_owned()).collect());
    }

    /// A piece for the plugin `at`.
    fn piece(&mut self, at: usize) -> String {
        let piece = self.rng.pick(PIECES);
        self.filled(piece, at)
    }

    fn filled(&mut self, text: &str, at: usize) -> String {
        let other = NAMES[(at + 1 + self.rng.below(NAMES.len() - 1)) % NAMES.len()];
        let own = NAMES[at];
        let number = (1 + self.rng.below(3)).to_string();
        text.replace("WORD", self.rng.pick(&WORDS))
            .replace("NUMBER", &number)
            .replace("PATCH'", &format!("{}'", self.rng.pick(&PATCHES)))
            .replace("FILTER.", &format!("{}.", self.rng.pick(&FILTERS)))
            .replace("PRIORITY", self.rng.pick(&PRIORITIES))
            .replace("OWN_", &format!("{}_", own.to_ascii_uppercase()))
            .replace("OTHER_", &format!("{}_", other.to_ascii_uppercase()))
            .replace("other", other)
            .replace("own", own)
    }
}

fn path_of_template(at: usize, file: &str) -> String {
    let own = NAMES[at];
    format!("of-{own}/{own}/{file}")
}

#[cfg(test)]
mod tests {
    use super::Edits;

    #[test]
    fn the_same_seed_makes_the_same_edits() {
        let said = |seed| {
            let mut edits = Edits::new(seed);
            format!(
                "{:?} {:?} {:?}",
                edits.first(),
                edits.another(),
                edits.another()
            )
        };
        assert_eq!(said(3), said(3));
        assert_ne!(said(3), said(4));
    }
}
