//! What the report says of these plugins.

use std::fmt::Write as _;

use tests::today::PLUGINS;

use super::Measured;
use super::watch::Edited;
use crate::measure;
use crate::plan::Plan;
use crate::report::{compared, milliseconds};
use crate::target::{self, Target};

impl Measured {
    /// The text of the part.
    pub(crate) fn section(&self, plan: &Plan) -> String {
        let mut text = format!(
            "Beside {}.\n\
             Its environment has six plugins, all enabled:\n\
             {}.\n\
             Both programs write the same bytes, on the templates of that Tutor (checked). Ours finds the plugins in the same\n\
             environment (`TUTOR_PYTHON`). After the first save it starts no Python for any of these (checked with a Python\n\
             that notes its starts). For the rest see above.\n\n\
             Runs a figure: ours {}; real Tutor {}.\n\n",
            self.versions,
            PLUGINS.map(|name| format!("`{name}`")).join(", "),
            plan.runs,
            plan.real_runs(PLUGINS.len()),
        );
        text.push_str(&compared(&self.rows));
        self.cold.tell(&mut text);
        self.edits(plan, &mut text);
        self.memory(&mut text);
        text
    }

    fn edits(&self, plan: &Plan, text: &mut String) {
        let _ = write!(
            text,
            "\nWatch: from the moment when an editor closes a plugin's module, which now adds another text to a patch of two\n\
             files, until the watch says that the last file of `env/` is written. By turns with each edit, the same one is made\n\
             beside a Python process that has real Tutor and all plugins loaded, and imports all modules of that plugin again:\n\
             the edited one has to be compiled; the figure in parentheses is without. Medians of {} edits a plugin, in\n\
             milliseconds.\n\n\
             | plugin | watch | the save alone | import | target | met? |\n|---|---:|---:|---:|---|---|\n",
            plan.runs
        );
        for edited in &self.watched.plugins {
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} ({}) {} |",
                edited.name,
                milliseconds(edited.latency),
                milliseconds(edited.saving),
                milliseconds(edited.import),
                milliseconds(edited.compiled),
                target::cells(&[edited.target()])
            );
        }
    }

    fn memory(&self, text: &mut String) {
        let watched = &self.watched;
        let _ = write!(
            text,
            "\nMemory during that watch, in MiB.\n\n\
             | when | engine | Python | processes of Python |\n|---|---:|---:|---:|\n"
        );
        let after = format!("after {} edits", watched.edits);
        let rows = [
            ("before the edits", watched.before),
            (after.as_str(), watched.after),
        ];
        for (when, memory) in rows {
            let _ = writeln!(
                text,
                "| {when} | {:.1} | {:.1} | {} |",
                memory.engine, memory.host, memory.hosts
            );
        }
    }
}

impl Edited {
    /// What is aimed at.
    fn target(&self) -> Target {
        let limit = 1.2 * measure::milliseconds(self.import) + 10.0;
        Target {
            text: format!("≤ 1.2 × import + 10 = {limit:.1}"),
            met: measure::milliseconds(self.latency) <= limit,
        }
    }
}
