//! Dates and times as they are written.

use values::{Date, DateTime, Value};

/// The numbers of a timestamp, not checked against the calendar.
#[derive(Debug)]
pub(crate) struct Parts {
    year: u32,
    month: u32,
    day: u32,
    pub(crate) time: Option<Time>,
}

/// The time of day, and the zone.
#[derive(Debug)]
pub(crate) struct Time {
    hour: u32,
    minute: u32,
    second: u32,
    microsecond: u32,
    /// Minutes east of UTC.
    offset: Option<i32>,
}

/// Takes digits, at least `least` and at most `most`, off the front of `text`.
fn digits(text: &mut &str, least: usize, most: usize) -> Option<u32> {
    let len = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    let (number, rest) = text.split_at_checked(len)?;
    *text = rest;
    if len < least {
        None
    } else {
        number.parse().ok()
    }
}

fn eat(text: &mut &str, c: char) -> Option<()> {
    *text = text.strip_prefix(c)?;
    Some(())
}

impl Parts {
    /// `None` if `text` is no timestamp.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = &mut { text };
        let year = digits(text, 4, 4)?;
        eat(text, '-')?;
        let month = digits(text, 1, 2)?;
        eat(text, '-')?;
        let day = digits(text, 1, 2)?;
        let time = if text.is_empty() {
            None
        } else {
            Some(Time::parse(text)?)
        };
        Some(Self {
            year,
            month,
            day,
            time,
        })
    }

    /// The `date` or `datetime`.
    ///
    /// # Errors
    /// The message of Python's `ValueError`.
    pub(crate) fn value(&self) -> Result<Value, &'static str> {
        let offset = self.time.as_ref().and_then(|time| time.offset);
        if offset.is_some_and(|minutes| minutes.abs() >= 24 * 60) {
            return Err(
                "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24)",
            );
        }
        let date = self.date()?;
        let Some(time) = &self.time else {
            return Ok(Value::Date(date.into()));
        };
        if time.hour > 23 {
            return Err("hour must be in 0..23");
        }
        if time.minute > 59 {
            return Err("minute must be in 0..59");
        }
        if time.second > 59 {
            return Err("second must be in 0..59");
        }
        Ok(Value::DateTime(
            DateTime {
                date,
                hour: time.hour as u8,
                minute: time.minute as u8,
                second: time.second as u8,
                microsecond: time.microsecond,
                offset: offset.map(|minutes| minutes * 60),
                utc: offset == Some(0),
            }
            .into(),
        ))
    }

    fn date(&self) -> Result<Date, &'static str> {
        if self.year == 0 {
            return Err("year 0 is out of range");
        }
        let leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return Err("month must be in 1..12"),
        };
        if !(1..=days).contains(&self.day) {
            return Err("day is out of range for month");
        }
        Ok(Date {
            year: self.year as u16,
            month: self.month as u8,
            day: self.day as u8,
        })
    }
}

impl Time {
    fn parse(text: &mut &str) -> Option<Self> {
        let spaces = text.trim_start_matches([' ', '\t']);
        *text = if spaces.len() < text.len() {
            spaces
        } else {
            text.strip_prefix(['T', 't'])?
        };
        let hour = digits(text, 1, 2)?;
        eat(text, ':')?;
        let minute = digits(text, 2, 2)?;
        eat(text, ':')?;
        let second = digits(text, 2, 2)?;
        let mut microsecond = 0;
        if eat(text, '.').is_some() {
            let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let fraction = &text.as_bytes()[..text.len() - rest.len()];
            let six = fraction.iter().chain(std::iter::repeat(&b'0')).take(6);
            microsecond = six.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
            *text = rest;
        }
        let zone = &mut text.trim_start_matches([' ', '\t']);
        let mut offset = None;
        if eat(zone, 'Z').is_some() {
            offset = Some(0);
        } else if let Some(rest) = zone.strip_prefix(['+', '-']) {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            *zone = rest;
            let hours = digits(zone, 1, 2)?;
            let minutes = if eat(zone, ':').is_some() {
                digits(zone, 2, 2)?
            } else {
                0
            };
            offset = Some(sign * (hours * 60 + minutes) as i32);
        }
        // White space may only come before a zone.
        let end = if offset.is_some() { zone } else { text };
        end.is_empty().then_some(Self {
            hour,
            minute,
            second,
            microsecond,
            offset,
        })
    }
}
