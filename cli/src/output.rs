//! Standard output and standard error. A reader that has gone away is no error.

use std::fmt::Display;
use std::io::Write;

use anstyle::{AnsiColor, Style};

const INFO: Style = AnsiColor::Blue.on_default();
const ALERT: Style = AnsiColor::Yellow.on_default().bold();

/// A line on standard output, as it is.
pub(crate) fn line(text: impl Display) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A line that tells what was done, on standard output.
pub(crate) fn info(text: impl Display) {
    let _ = writeln!(anstream::stdout(), "{INFO}{text}{INFO:#}");
}

/// A line that asks for attention, on standard error.
pub(crate) fn alert(text: impl Display) {
    error_text(format_args!("{ALERT}⚠️  {text}{ALERT:#}"));
}

/// A text on standard error, as it is.
pub(crate) fn error_text(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// A table with aligned columns and a tab between them: scripts cut it there. The last column is not padded.
pub(crate) fn table<R: AsRef<[S]>, S: AsRef<str>>(rows: &[R]) {
    let columns = rows.first().map_or(0, |row| row.as_ref().len());
    let width = |column: usize| {
        rows.iter()
            .map(|row| row.as_ref()[column].as_ref().chars().count())
            .max()
            .unwrap_or(0)
            .max(1)
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    for row in rows {
        let mut text = String::new();
        for (column, cell) in row.as_ref().iter().enumerate() {
            let cell = cell.as_ref();
            text.push_str(cell);
            if column + 1 < columns {
                text.extend(std::iter::repeat_n(
                    ' ',
                    widths[column] - cell.chars().count(),
                ));
                text.push('\t');
            }
        }
        line(text);
    }
}
