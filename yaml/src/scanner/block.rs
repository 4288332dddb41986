//! Block scalars: `|` and `>`.

use super::{Result, Scanner, error, shown};
use crate::cursor::{is_break, is_break_or_end};
use crate::error::Mark;
use crate::token::{Kind, Style, Token};

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chomping {
    /// `-`
    Strip,
    /// One is kept.
    Clip,
    /// `+`
    Keep,
}

impl<'a> Scanner<'a> {
    pub(super) fn block_scalar(&mut self, style: Style) -> Result<Token<'a>> {
        let start = self.cursor.mark();
        self.cursor.advance();
        let (chomping, increment) = self.block_header(start)?;
        self.rest_of_line(start, "a block scalar")?;

        let least = usize::try_from(self.indent + 1).unwrap_or(0).max(1);
        let mut end = self.cursor.mark();
        let (indent, mut breaks) = match increment {
            Some(increment) => {
                let indent = least + increment - 1;
                (indent, self.block_breaks(indent, &mut end))
            }
            None => self.block_indentation(least, &mut end),
        };

        let mut text = String::new();
        let mut last_break = None;
        while self.cursor.column() == indent && !self.cursor.at_end() {
            text.push_str(&breaks);
            let indented_further = matches!(self.cursor.peek(), ' ' | '\t');
            text.push_str(self.cursor.take_until(|c, _, _| is_break(c)));
            last_break = self.cursor.take_break();
            end = self.cursor.mark();
            breaks = self.block_breaks(indent, &mut end);
            if self.cursor.column() != indent || self.cursor.at_end() {
                break;
            }
            let joined = style == Style::Folded
                && last_break == Some('\n')
                && !indented_further
                && !matches!(self.cursor.peek(), ' ' | '\t');
            if !joined {
                text.extend(last_break);
            } else if breaks.is_empty() {
                text.push(' ');
            }
        }
        if chomping != Chomping::Strip {
            text.extend(last_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&breaks);
        }
        Ok(Token::new(
            Kind::Scalar {
                text: text.into(),
                style,
            },
            start,
            end,
        ))
    }

    /// The indicators after `|` or `>`, in either order.
    fn block_header(&mut self, start: Mark) -> Result<(Chomping, Option<usize>)> {
        let mut chomping = self.chomping();
        let mut increment = None;
        if let Some(digit) = self.cursor.peek().to_digit(10) {
            if digit == 0 {
                let problem = "expected indentation indicator in the range 1-9, but found 0";
                return Err(error(problem, self.cursor.mark())
                    .within("while scanning a block scalar", start));
            }
            increment = Some(digit as usize);
            self.cursor.advance();
            if chomping.is_none() {
                chomping = self.chomping();
            }
        }
        let c = self.cursor.peek();
        if c == ' ' || is_break_or_end(c) {
            return Ok((chomping.unwrap_or(Chomping::Clip), increment));
        }
        let problem = format!(
            "expected chomping or indentation indicators, but found {}",
            shown(c)
        );
        Err(error(problem, self.cursor.mark()).within("while scanning a block scalar", start))
    }

    fn chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.cursor.peek() {
            '+' => Chomping::Keep,
            '-' => Chomping::Strip,
            _ => return None,
        };
        self.cursor.advance();
        Some(chomping)
    }

    /// Skips what may follow a header or a directive on its line.
    pub(super) fn rest_of_line(&mut self, start: Mark, what: &str) -> Result<()> {
        self.cursor.skip_spaces();
        self.cursor.skip_comment();
        let c = self.cursor.peek();
        if !is_break_or_end(c) {
            let problem = format!("expected a comment or a line break, but found {}", shown(c));
            return Err(
                error(problem, self.cursor.mark()).within(format!("while scanning {what}"), start)
            );
        }
        self.cursor.take_break();
        Ok(())
    }

    /// Finds the indentation, which the first line that is not empty has, or the deepest empty line before it.
    /// Also gives the breaks of the empty lines.
    fn block_indentation(&mut self, least: usize, end: &mut Mark) -> (usize, String) {
        let mut indent = least;
        let mut breaks = String::new();
        loop {
            self.cursor.skip_spaces();
            indent = indent.max(self.cursor.column());
            match self.cursor.take_break() {
                Some(c) => breaks.push(c),
                None => return (indent, breaks),
            }
            *end = self.cursor.mark();
        }
    }

    /// The breaks of empty lines, going into the next line as far as `indent`.
    fn block_breaks(&mut self, indent: usize, end: &mut Mark) -> String {
        let mut breaks = String::new();
        loop {
            while self.cursor.column() < indent && self.cursor.eat(' ') {}
            match self.cursor.take_break() {
                Some(c) => breaks.push(c),
                None => return breaks,
            }
            *end = self.cursor.mark();
        }
    }
}
