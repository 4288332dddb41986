//! The proleptic Gregorian calendar.

use super::Date;

fn days_before_year(year: i32) -> i32 {
    let year = year - 1;
    year * 365 + year / 4 - year / 100 + year / 400
}

pub(crate) fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(crate) fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Date {
    /// The day of the year, from 1.
    pub(crate) fn day_of_year(self) -> i32 {
        let year = i32::from(self.year);
        (1..i32::from(self.month))
            .map(|month| days_in_month(year, month))
            .sum::<i32>()
            + i32::from(self.day)
    }

    /// `date.toordinal()`: 1 is the first of January of the year 1.
    pub(crate) fn ordinal(self) -> i32 {
        days_before_year(self.year.into()) + self.day_of_year()
    }

    /// `date.weekday()`: Monday is 0.
    pub(crate) fn weekday(self) -> i32 {
        (self.ordinal() + 6) % 7
    }

    /// `date.isocalendar()`: year, week, weekday.
    pub(crate) fn isocalendar(self) -> (i32, i32, i32) {
        let first_monday = |year: i32| {
            let first = days_before_year(year) + 1;
            let weekday = (first + 6) % 7;
            if weekday > 3 {
                first - weekday + 7
            } else {
                first - weekday
            }
        };
        let today = self.ordinal();
        let mut year = i32::from(self.year);
        if today < first_monday(year) {
            year -= 1;
        } else if today >= first_monday(year + 1) {
            year += 1;
        }
        let week = (today - first_monday(year)) / 7 + 1;
        (year, week, self.weekday() + 1)
    }
}
