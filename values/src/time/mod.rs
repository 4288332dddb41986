//! `datetime.date` and `datetime.datetime`, as YAML timestamps make them.

mod calendar;
mod iso;
mod strftime;
mod zone;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use crate::{Error, Result, Value};

pub(crate) use calendar::days_in_month;
pub(crate) use iso::IsoDate;
pub(crate) use zone::Zone;

/// `datetime.date`
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// 1 to 9999
    pub year: u16,
    /// 1 to 12
    pub month: u8,
    /// 1 to 31
    pub day: u8,
}

/// `datetime.datetime`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// 0 to 23
    pub hour: u8,
    /// 0 to 59
    pub minute: u8,
    /// 0 to 59
    pub second: u8,
    /// 0 to 999,999
    pub microsecond: u32,
    /// Seconds east of UTC; `None` for a naive time.
    pub offset: Option<i32>,
    /// Whether the zone is `timezone.utc` itself (it prints as `UTC` in `repr`).
    pub utc: bool,
}

/// `value.strftime(format)` of a date or a time.
pub(crate) fn strftime_value(value: &Value, format: &str) -> Result<String> {
    match value {
        Value::DateTime(time) => strftime::strftime(time, format),
        Value::Date(date) => strftime::strftime(&DateTime::midnight(**date), format),
        _ => Err(Error::type_error("not a date")),
    }
}

impl Date {
    /// `str(date)`
    pub fn isoformat(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
    pub(crate) fn repr(self) -> String {
        format!("datetime.date({}, {}, {})", self.year, self.month, self.day)
    }
}

impl DateTime {
    /// The naive time at which a day begins.
    pub(crate) fn midnight(date: Date) -> Self {
        Self {
            date,
            hour: 0,
            minute: 0,
            second: 0,
            microsecond: 0,
            offset: None,
            utc: false,
        }
    }
    /// `datetime.isoformat(separator)`
    pub fn isoformat(&self, separator: char) -> String {
        self.iso_text(
            separator,
            if self.microsecond > 0 {
                "microseconds"
            } else {
                "seconds"
            },
        )
    }

    /// `datetime.isoformat(separator, timespec)`
    pub(crate) fn isoformat_to(&self, separator: char, timespec: &str) -> Result<String> {
        match timespec {
            "auto" => Ok(self.isoformat(separator)),
            "hours" | "minutes" | "seconds" | "milliseconds" | "microseconds" => {
                Ok(self.iso_text(separator, timespec))
            }
            _ => Err(Error::value_error("Unknown timespec value")),
        }
    }

    fn iso_text(&self, separator: char, timespec: &str) -> String {
        let mut out = format!("{}{separator}{:02}", self.date.isoformat(), self.hour);
        if timespec != "hours" {
            put!(out, ":{:02}", self.minute);
        }
        if !matches!(timespec, "hours" | "minutes") {
            put!(out, ":{:02}", self.second);
        }
        match timespec {
            "milliseconds" => put!(out, ".{:03}", self.microsecond / 1000),
            "microseconds" => put!(out, ".{:06}", self.microsecond),
            _ => {}
        }
        if let Some(offset) = self.offset {
            out.push_str(&zone::offset_text(offset, ":"));
        }
        out
    }

    /// The zone, of an aware time.
    pub(crate) fn zone(&self) -> Option<Zone> {
        self.offset.map(|offset| Zone {
            offset,
            utc: self.utc,
        })
    }

    pub(crate) fn repr(&self) -> String {
        let Date { year, month, day } = self.date;
        let mut out = format!(
            "datetime.datetime({year}, {month}, {day}, {}, {}",
            self.hour, self.minute
        );
        if self.second > 0 || self.microsecond > 0 {
            put!(out, ", {}", self.second);
        }
        if self.microsecond > 0 {
            put!(out, ", {}", self.microsecond);
        }
        if let Some(zone) = self.zone() {
            put!(out, ", tzinfo={}", zone.text());
        }
        out.push(')');
        out
    }

    /// Microseconds since the year 1, in UTC for aware times.
    pub(crate) fn microseconds(&self) -> i64 {
        let days = i64::from(self.date.ordinal());
        let seconds =
            i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        let offset = i64::from(self.offset.unwrap_or(0));
        (days * 86_400 + seconds - offset) * 1_000_000 + i64::from(self.microsecond)
    }

    /// `==`: aware and naive times are never equal.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.offset.is_some() == other.offset.is_some()
            && self.microseconds() == other.microseconds()
    }

    pub(crate) fn compare(&self, other: &Self) -> Result<Ordering> {
        if self.offset.is_some() != other.offset.is_some() {
            return Err(Error::type_error(
                "can't compare offset-naive and offset-aware datetimes",
            ));
        }
        Ok(self.microseconds().cmp(&other.microseconds()))
    }

    /// Equal times feed the same.
    pub(crate) fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.microseconds().hash(state);
    }
}
