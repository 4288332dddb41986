//! What the report says of images.

use std::fmt::Write as _;

use super::{FILES, Measured, Row};
use crate::plan::Plan;
use crate::report::{grouped, milliseconds};
use crate::target::{self, Target};

/// Where there was no engine.
pub(crate) const NOT_MEASURED: &str = "Not measured: there was no Docker engine.\n";

impl Measured {
    /// The part of the report.
    pub(crate) fn section(&self, plan: &Plan) -> String {
        let mut text = format!(
            "Docker {}; each image has a `FROM`, a `COPY` of {FILES} files and a `RUN`, and nothing has changed. Beside ours,\n\
             `docker buildx build` for one image after the other, which is what Tutor runs, with every step in its cache.\n\
             Whole processes, medians of {} runs of ours and {} of buildx (one with 100 images).\n\n\
             | images | ours | ours, `--offline` | `docker buildx build` | times faster | target | met? |\n\
             |---:|---:|---:|---:|---:|---|---|\n",
            self.engine,
            plan.runs,
            plan.real_runs(0),
        );
        for row in &self.rows {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {:.0} {} |",
                row.images,
                milliseconds(row.ours),
                milliseconds(row.offline),
                milliseconds(row.buildx),
                row.buildx.as_secs_f64() / row.ours.as_secs_f64(),
                target::cells(&row.targets())
            );
        }
        let context = &self.context;
        #[expect(clippy::cast_precision_loss, reason = "a size to be read")]
        let mebibytes = context.bytes as f64 / f64::from(1 << 20);
        let _ = writeln!(
            text,
            "\nA context of {} files with {mebibytes:.0} MiB together, in the page cache; `images build --plan`:\n\n\
             | what | ms | target | met? |\n|---|---:|---|---|\n\
             | the first time: all is read and hashed | {} | | |\n\
             | again | {} {} |\n\
             | one thread that only reads the files | {} | | |",
            grouped(context.files),
            milliseconds(context.first),
            milliseconds(context.again),
            target::cells(&[Target::at_most(context.again, 30.0)]),
            milliseconds(context.reading),
        );
        text
    }
}

impl Row {
    fn targets(&self) -> Vec<Target> {
        let mut targets = vec![Target::faster(self.ours, self.buildx, 20.0)];
        if self.images == 12 {
            targets.push(Target::at_most(self.ours, 50.0));
        }
        targets
    }
}
