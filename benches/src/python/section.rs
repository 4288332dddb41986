//! What the report says of Python plugins.

use std::fmt::Write as _;

use super::discovery::{PACKAGES, PLUGINS};
use super::{Python, enabled};
use crate::plan::Plan;
use crate::report::{compared, milliseconds};
use crate::target::{self, Target};

impl Python {
    /// The text of the part.
    pub(crate) fn section(&self, plan: &Plan) -> String {
        let mut text = format!(
            "Beside {}.\n\
             Its environment has ten plugins of its time, all enabled:\n\
             {}\n\
             (`mfe` and `webui` are of API v1). Both programs write the same bytes, on the templates of that Tutor (checked, with\n\
             that one taking patches in the order of names, as ours). Ours finds the plugins in the same environment\n\
             (`TUTOR_PYTHON`). After the first save it starts no Python for any of these (checked with a Python\n\
             that notes its starts). For the rest see above.\n\n\
             Runs a figure: ours {}; real Tutor {}.\n\n",
            self.versions,
            enabled().map(|name| format!("`{name}`")).join(", "),
            plan.runs,
            plan.real_runs(enabled().len()),
        );
        text.push_str(&compared(&self.rows));
        self.cold.tell(&mut text);
        self.packages(&mut text);
        text
    }

    fn packages(&self, text: &mut String) {
        let discovery = &self.discovery;
        let difference = discovery.difference();
        let _ = write!(
            text,
            "\nDiscovery: `plugins list` in an environment without any packages and in one with {PACKAGES}, {PLUGINS} of them with\n\
             a plugin, by turns, warm.\n\n\
             | what | ms | target | met? |\n|---|---:|---|---|\n\
             | without packages | {} | | |\n\
             | {PACKAGES} packages | {} | | |\n\
             | more with {PACKAGES} packages | {} {} |\n",
            milliseconds(discovery.none),
            milliseconds(discovery.many),
            milliseconds(difference),
            target::cells(&[Target::at_most(difference, 3.0)]),
        );
    }
}
