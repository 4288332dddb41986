//! `strftime` in the C locale.

use crate::{Error, Result};

use super::{DateTime, zone};

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `time.strftime(format)`
///
/// # Errors
/// [`crate::ErrorKind::Unsupported`] for a directive that is not known here.
pub(crate) fn strftime(time: &DateTime, format: &str) -> Result<String> {
    let mut out = String::with_capacity(format.len() * 2);
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let directive_start = chars.as_str();
        let mut flags = Flags::default();
        let directive = loop {
            match chars.next() {
                Some(flag @ ('-' | '_' | '0' | '^' | '#')) => flags.set(flag),
                // Alternative digits and eras: there are none in the C locale.
                Some('E' | 'O') => {}
                other => break other,
            }
        };
        let written = &directive_start[..directive_start.len() - chars.as_str().len()];
        let known = match directive {
            Some(directive) => flags.directive(time, directive)?,
            None => None,
        };
        match known {
            Some(text) => out.push_str(&text),
            // What is no directive stays as it is, but in the case that is asked for.
            None if flags.upper => out.extend(["%", &written.to_uppercase()]),
            None => out.extend(["%", written]),
        }
    }
    Ok(out)
}

/// What glibc takes between `%` and the directive.
#[derive(Default)]
struct Flags {
    any: bool,
    /// `-`, `_` or `0`
    pad: Option<char>,
    upper: bool,
    swap: bool,
}

impl Flags {
    fn set(&mut self, flag: char) {
        self.any = true;
        match flag {
            '^' => self.upper = true,
            '#' => self.swap = true,
            _ => self.pad = Some(flag),
        }
    }

    /// What the directive stands for; `None` if it is none.
    fn directive(&self, time: &DateTime, directive: char) -> Result<Option<String>> {
        match directive {
            // Python knows this one, glibc does not.
            'f' if self.any => Ok(None),
            // Nor does it know the zone.
            'z' | 'Z' if self.any => Ok(Some(String::new())),
            _ => Ok(directive_text(time, directive)?.map(|text| self.apply(text, directive))),
        }
    }

    fn apply(&self, text: String, directive: char) -> String {
        let numeric = text.starts_with(|c: char| c == ' ' || c.is_ascii_digit())
            && matches!(
                directive,
                'C' | 'd'
                    | 'e'
                    | 'g'
                    | 'H'
                    | 'I'
                    | 'j'
                    | 'k'
                    | 'l'
                    | 'm'
                    | 'M'
                    | 'S'
                    | 'U'
                    | 'V'
                    | 'W'
                    | 'y'
            );
        let mut text = text;
        if let (Some(pad), true) = (self.pad, numeric) {
            let digits = text.trim_start_matches(['0', ' ']);
            let digits = if digits.is_empty() { "0" } else { digits };
            let width = text.len() - digits.len();
            text = match pad {
                '-' => digits.to_owned(),
                '_' => " ".repeat(width) + digits,
                _ => "0".repeat(width) + digits,
            };
        }
        if self.swap && directive == 'p' {
            return text.to_lowercase();
        }
        let letters = matches!(directive, 'a' | 'A' | 'b' | 'B' | 'h');
        if (self.upper && directive != 'P') || (self.swap && letters) {
            text.to_uppercase()
        } else {
            text
        }
    }
}

/// What a directive stands for; `None` if it is none.
fn directive_text(time: &DateTime, directive: char) -> Result<Option<String>> {
    let date = time.date;
    let weekday = date.weekday();
    let day_name = DAYS[weekday as usize];
    let month_name = MONTHS[usize::from(date.month.clamp(1, 12)) - 1];
    let (iso_year, iso_week, iso_day) = date.isocalendar();
    let year_day = date.day_of_year();
    let hour12 = if time.hour.is_multiple_of(12) {
        12
    } else {
        time.hour % 12
    };
    let combined = |format: &str| strftime(time, format);
    Ok(Some(match directive {
        'a' => day_name[..3].to_owned(),
        'A' => day_name.to_owned(),
        'b' | 'h' => month_name[..3].to_owned(),
        'B' => month_name.to_owned(),
        'c' => combined("%a %b %e %H:%M:%S %Y")?,
        'C' => (date.year / 100).to_string(),
        'd' => format!("{:02}", date.day),
        'D' | 'x' => combined("%m/%d/%y")?,
        'e' => format!("{:2}", date.day),
        'f' => format!("{:06}", time.microsecond),
        'F' => combined("%Y-%m-%d")?,
        'g' => format!("{:02}", iso_year % 100),
        'G' => iso_year.to_string(),
        'H' => format!("{:02}", time.hour),
        'I' => format!("{hour12:02}"),
        'j' => format!("{year_day:03}"),
        'k' => format!("{:2}", time.hour),
        'l' => format!("{hour12:2}"),
        'm' => format!("{:02}", date.month),
        'M' => format!("{:02}", time.minute),
        'n' => "\n".to_owned(),
        'p' => if time.hour < 12 { "AM" } else { "PM" }.to_owned(),
        'P' => if time.hour < 12 { "am" } else { "pm" }.to_owned(),
        'r' => combined("%I:%M:%S %p")?,
        'R' => combined("%H:%M")?,
        'S' => format!("{:02}", time.second),
        't' => "\t".to_owned(),
        'T' | 'X' => combined("%H:%M:%S")?,
        'u' => iso_day.to_string(),
        'U' => format!("{:02}", (year_day + 6 - (weekday + 1) % 7) / 7),
        'V' => format!("{iso_week:02}"),
        'w' => ((weekday + 1) % 7).to_string(),
        'W' => format!("{:02}", (year_day + 6 - weekday) / 7),
        'y' => format!("{:02}", date.year % 100),
        'Y' => date.year.to_string(),
        'z' => time
            .offset
            .map(|offset| zone::offset_text(offset, ""))
            .unwrap_or_default(),
        'Z' => time.zone().map(super::Zone::name).unwrap_or_default(),
        '%' => "%".to_owned(),
        's' | '1'..='9' => {
            return Err(Error::unsupported(format!(
                "strftime directive %{directive}: not supported"
            )));
        }
        _ => return Ok(None),
    }))
}
