//! Characters to text: indentation, the folding of long lines, quotes and escapes.

use super::analyze::is_break;

/// The column after which lines are broken where they can be.
const WIDTH: usize = 80;

/// The text so far, and what the layout has to know of its end.
#[derive(Debug)]
pub(super) struct Writer {
    out: String,
    column: usize,
    /// How far collections and continued lines are indented here; `None` outside the document's root.
    pub(super) indent: Option<usize>,
    /// Whether the last character separates words.
    spaced: bool,
    /// Whether there is only indentation on this line so far, `- ` and `? ` included.
    pub(super) only_indented: bool,
    /// Whether the text may go on after its end, so that an end marker is needed.
    open_ended: bool,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            out: String::new(),
            column: 0,
            indent: None,
            spaced: true,
            only_indented: true,
            open_ended: false,
        }
    }

    /// Ends the document.
    pub(super) fn finish(mut self) -> String {
        self.start_line();
        if self.open_ended {
            self.indicator("...", true);
            self.start_line();
        }
        self.out
    }

    fn push(&mut self, text: &str, width: usize) {
        self.out.push_str(text);
        self.column += width;
    }

    /// Writes punctuation, an anchor, or a tag; `separate`: as a word of its own.
    pub(super) fn indicator(&mut self, text: &str, separate: bool) {
        if separate && !self.spaced {
            self.push(" ", 1);
        }
        self.push(text, text.len());
        self.spaced = false;
        self.only_indented = false;
        self.open_ended = false;
    }

    /// Writes `-`, `?` or `:` in front of an item that may start on the same line, as if it were indentation.
    pub(super) fn item_indicator(&mut self, text: &str) {
        let only_indented = self.only_indented;
        self.indicator(text, true);
        self.only_indented = only_indented;
    }

    /// Writes the opening bracket of an empty collection.
    pub(super) fn opening(&mut self, text: &str) {
        self.indicator(text, true);
        self.spaced = true;
    }

    /// Goes to the indentation of a line, on a new line if this one is used.
    pub(super) fn start_line(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.only_indented || self.column > indent || (self.column == indent && !self.spaced) {
            self.line_break('\n');
        }
        if let Some(missing) = indent
            .checked_sub(self.column)
            .filter(|missing| *missing > 0)
        {
            self.spaced = true;
            self.out.extend(std::iter::repeat_n(' ', missing));
            self.column = indent;
        }
    }

    fn line_break(&mut self, c: char) {
        self.out.push(c);
        self.spaced = true;
        self.only_indented = true;
        self.column = 0;
    }

    /// Goes to the next line of a scalar.
    fn continue_line(&mut self) {
        self.start_line();
        self.spaced = false;
        self.only_indented = false;
    }

    /// Writes a text of one line without quotes; `fold`: broken at single spaces where it is too long.
    pub(super) fn plain(&mut self, text: &str, fold: bool, is_root: bool) {
        if text.is_empty() {
            return;
        }
        if !self.spaced {
            self.push(" ", 1);
        }
        self.open_ended |= is_root;
        self.spaced = false;
        self.only_indented = false;
        for (piece, is_space) in
            pieces(text, |c| u8::from(c == ' ')).map(|(piece, kind)| (piece, kind == 1))
        {
            if is_space && piece.len() == 1 && self.column > WIDTH && fold {
                self.continue_line();
            } else {
                self.push(piece, piece.chars().count());
            }
        }
    }

    /// Writes a text in single quotes.
    pub(super) fn single_quoted(&mut self, text: &str, fold: bool) {
        const SPACE: u8 = 1;
        const BREAK: u8 = 2;
        const QUOTE: u8 = 3;
        self.indicator("'", true);
        let kind = |c: char| match c {
            ' ' => SPACE,
            '\'' => QUOTE,
            c if is_break(c) => BREAK,
            _ => 0,
        };
        let mut position = 0;
        for (piece, kind) in pieces(text, kind) {
            let inside = position > 0 && position + piece.len() < text.len();
            position += piece.len();
            match kind {
                SPACE if piece.len() == 1 && self.column > WIDTH && fold && inside => {
                    self.start_line();
                }
                BREAK => {
                    // One break alone would be read as a space.
                    if piece.starts_with('\n') {
                        self.line_break('\n');
                    }
                    piece.chars().for_each(|c| self.line_break(c));
                    self.start_line();
                }
                QUOTE => piece.chars().for_each(|_| self.push("''", 2)),
                _ => self.push(piece, piece.chars().count()),
            }
        }
        self.indicator("'", false);
    }

    /// Writes a text in double quotes.
    pub(super) fn double_quoted(&mut self, text: &str, fold: bool) {
        self.indicator("\"", true);
        let len = text.chars().count();
        // Readable characters that are not written yet.
        let mut run = String::new();
        let mut run_len = 0;
        let mut chars = text.chars().enumerate().peekable();
        while let Some((position, c)) = chars.next() {
            let escaped = escape(c);
            if let Some(escaped) = &escaped {
                self.push(&run, run_len);
                run.clear();
                run_len = 0;
                self.push(escaped, escaped.len());
            }
            // After an escape, the place before the next character counts.
            let column = if escaped.is_some() {
                self.column - 1
            } else {
                self.column + run_len
            };
            let at_break = c == ' ' || escaped.is_some() || run.is_empty();
            if fold && at_break && position > 0 && position + 1 < len && column > WIDTH {
                self.push(&run, run_len);
                run.clear();
                run_len = 0;
                self.push("\\", 1);
                self.continue_line();
                // A space at the start of a line would be lost.
                let next = if escaped.is_none() {
                    Some(c)
                } else {
                    chars.peek().map(|(_, c)| *c)
                };
                if next == Some(' ') {
                    self.push("\\", 1);
                }
            }
            if escaped.is_none() {
                run.push(c);
                run_len += 1;
            }
        }
        self.push(&run, run_len);
        self.indicator("\"", false);
    }

    /// Writes a text whose lines all end, and none of which starts with a space, as block scalar.
    pub(super) fn literal(&mut self, text: &str) {
        self.indicator("|", true);
        for line in text.lines() {
            self.line_break('\n');
            self.start_line();
            self.push(line, line.len());
        }
        self.line_break('\n');
    }
}

/// Splits `text` where the kind of character changes.
fn pieces(text: &str, kind: impl Fn(char) -> u8) -> impl Iterator<Item = (&str, u8)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = kind(rest.chars().next()?);
        let len = rest.find(|c| kind(c) != first).unwrap_or(rest.len());
        let (piece, after) = rest.split_at_checked(len)?;
        rest = after;
        Some((piece, first))
    })
}

/// How `c` is written inside double quotes, if not as itself.
fn escape(c: char) -> Option<String> {
    let short = match c {
        '\0' => '0',
        '\x07' => 'a',
        '\x08' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\x0b' => 'v',
        '\x0c' => 'f',
        '\r' => 'r',
        '\x1b' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        ' '..='~' => return None,
        '\u{a0}'..='\u{fffd}' if c != '\u{feff}' => return None,
        _ => {
            let code = u32::from(c);
            return Some(match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            });
        }
    };
    Some(format!("\\{short}"))
}
