//! `datetime.timezone`

use crate::{Object, Value};

/// A fixed offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    /// Seconds east of UTC.
    pub(crate) offset: i32,
    /// Whether it is `timezone.utc`.
    pub(crate) utc: bool,
}

/// `+01:30`, with seconds if there are any.
pub(super) fn offset_text(offset: i32, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes, seconds) = (
        offset.abs() / 3600,
        offset.abs() / 60 % 60,
        offset.abs() % 60,
    );
    let seconds = if seconds > 0 {
        format!("{separator}{seconds:02}")
    } else {
        String::new()
    };
    format!("{sign}{hours:02}{separator}{minutes:02}{seconds}")
}

impl Zone {
    /// `timezone.tzname(None)`
    pub(crate) fn name(self) -> String {
        if self.offset == 0 {
            "UTC".to_owned()
        } else {
            format!("UTC{}", offset_text(self.offset, ":"))
        }
    }

    /// `repr(timezone)`
    pub(crate) fn text(self) -> String {
        if self.utc {
            return "datetime.timezone.utc".to_owned();
        }
        let (days, seconds) = (
            self.offset.div_euclid(86_400),
            self.offset.rem_euclid(86_400),
        );
        let delta = match (days, seconds) {
            (0, 0) => "0".to_owned(),
            (0, _) => format!("seconds={seconds}"),
            (_, 0) => format!("days={days}"),
            _ => format!("days={days}, seconds={seconds}"),
        };
        format!("datetime.timezone(datetime.timedelta({delta}))")
    }
}

impl Object for Zone {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "timezone"
    }
    fn repr(&self) -> String {
        self.text()
    }
    fn str(&self) -> String {
        self.name()
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        Some(
            other
                .downcast::<Zone>()
                .is_some_and(|zone| zone.offset == self.offset),
        )
    }
}
