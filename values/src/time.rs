//! `datetime.date` and `datetime.datetime`, as YAML timestamps make them.

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
