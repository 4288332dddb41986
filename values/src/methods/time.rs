//! Methods and attributes of `date` and `datetime`.

use std::sync::Arc;

use crate::time::{Date, DateTime, IsoDate, days_in_month, strftime_value};
use crate::{Args, Error, Result, Value, ops};

use super::params;

/// `year`, `month`, `day`
pub(super) fn date_attribute(date: Date, name: &str) -> Option<Value> {
    Some(Value::Int(match name {
        "year" => date.year.into(),
        "month" => date.month.into(),
        "day" => date.day.into(),
        _ => return None,
    }))
}

/// The attributes of a `datetime`.
pub(super) fn time_attribute(time: &DateTime, name: &str) -> Option<Value> {
    Some(match name {
        "hour" => Value::Int(time.hour.into()),
        "minute" => Value::Int(time.minute.into()),
        "second" => Value::Int(time.second.into()),
        "microsecond" => Value::Int(time.microsecond.into()),
        "fold" => Value::Int(0),
        "tzinfo" => time.zone().map_or(Value::None, Value::object),
        _ => return date_attribute(time.date, name),
    })
}

/// `None`: there is no such method here.
pub(super) fn call(receiver: &Value, name: &str, args: &Args) -> Result<Option<Value>> {
    let (date, time) = match receiver {
        Value::Date(date) => (**date, None),
        Value::DateTime(time) => (time.date, Some(&**time)),
        _ => return Ok(None),
    };
    let owner = if time.is_some() { "datetime" } else { "date" };
    let none = || params::none(owner, name, args);
    let number = |number: i32| {
        params::none("date", name, args)?;
        Ok(Some(Value::from(number)))
    };
    Ok(Some(match (name, time) {
        ("weekday", _) => return number(date.weekday()),
        ("isoweekday", _) => return number(date.weekday() + 1),
        ("toordinal", _) => return number(date.ordinal()),
        ("isocalendar", _) => {
            params::none("date", name, args)?;
            Value::object(IsoDate::of(date))
        }
        ("isoformat", None) => {
            none()?;
            date.isoformat().into()
        }
        ("isoformat", Some(time)) => isoformat(time, args)?,
        ("strftime", _) => {
            let [format] = params::named(name, args, ["format"], 1)?;
            let format = format.unwrap_or(Value::None);
            let text = format.as_str().ok_or_else(|| {
                Error::type_error(format!(
                    "strftime() argument 1 must be str, not {}",
                    format.full_type_name()
                ))
            })?;
            strftime_value(receiver, text)?.into()
        }
        ("ctime", _) => {
            none()?;
            // `ctime` has a year of four digits, which `%Y` has not.
            format!(
                "{}{:04}",
                strftime_value(receiver, "%a %b %e %H:%M:%S ")?,
                date.year
            )
            .into()
        }
        ("replace", None) => Value::Date(Arc::new(replace_date(date, args)?)),
        ("replace", Some(time)) => replace(time, args)?,
        ("date", Some(_)) => {
            none()?;
            Value::Date(Arc::new(date))
        }
        ("timestamp", Some(time)) if time.offset.is_some() => {
            const EPOCH: i64 = 719_163 * 86_400 * 1_000_000;
            none()?;
            // As Python divides a timedelta's microseconds: one rounding.
            ops::truediv(
                &Value::Int(time.microseconds() - EPOCH),
                &Value::Int(1_000_000),
            )?
        }
        ("tzname", Some(time)) => {
            none()?;
            time.zone().map_or(Value::None, |zone| zone.name().into())
        }
        ("dst", Some(_)) => {
            none()?;
            Value::None
        }
        ("utcoffset", Some(time)) if time.offset.is_none() => {
            none()?;
            Value::None
        }
        _ => return Ok(None),
    }))
}

fn isoformat(time: &DateTime, args: &Args) -> Result<Value> {
    let [separator, spec] = params::named("isoformat", args, ["sep", "timespec"], 0)?;
    let separator = match &separator {
        None => 'T',
        Some(value) => {
            let mut chars = value.as_str().unwrap_or_default().chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => c,
                _ => {
                    return Err(Error::type_error(format!(
                        "isoformat() argument 1 must be a unicode character, not {}",
                        value.full_type_name()
                    )));
                }
            }
        }
    };
    let spec = match &spec {
        None => "auto",
        Some(value) => value.as_str().ok_or_else(|| {
            Error::type_error(format!(
                "isoformat() argument 2 must be str, not {}",
                value.full_type_name()
            ))
        })?,
    };
    Ok(time.isoformat_to(separator, spec)?.into())
}

/// A field of a date, within its limits.
fn field(value: Option<Value>, default: i64, name: &str, limits: (i64, i64)) -> Result<i64> {
    let Some(value) = value else {
        return Ok(default);
    };
    let number = match &value {
        Value::BigInt(_) => {
            return Err(Error::overflow("Python int too large to convert to C long"));
        }
        value => value
            .as_i64()
            .ok_or_else(|| params::not_an_integer(value))?,
    };
    if i32::try_from(number).is_err() {
        let (relation, limit) = if number > 0 {
            ("greater", "maximum")
        } else {
            ("less", "minimum")
        };
        return Err(Error::overflow(format!(
            "signed integer is {relation} than {limit}"
        )));
    }
    if number < limits.0 || number > limits.1 {
        return Err(Error::value_error(match name {
            "year" => format!("year {number} is out of range"),
            _ => format!("{name} must be in {}..{}", limits.0, limits.1),
        }));
    }
    Ok(number)
}

fn date_of(date: Date, [year, month, day]: [Option<Value>; 3]) -> Result<Date> {
    let year = field(year, date.year.into(), "year", (1, 9999))?;
    let month = field(month, date.month.into(), "month", (1, 12))?;
    let day = field(day, date.day.into(), "day", (i64::MIN, i64::MAX))?;
    if day < 1 || day > i64::from(days_in_month(year as i32, month as i32)) {
        return Err(Error::value_error("day is out of range for month"));
    }
    Ok(Date {
        year: year as u16,
        month: month as u8,
        day: day as u8,
    })
}

fn replace_date(date: Date, args: &Args) -> Result<Date> {
    date_of(
        date,
        params::named("replace", args, ["year", "month", "day"], 0)?,
    )
}

fn replace(time: &DateTime, args: &Args) -> Result<Value> {
    let names = [
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "microsecond",
        "tzinfo",
    ];
    let [year, month, day, hour, minute, second, microsecond, zone] =
        params::named("replace", args, names, 0)?;
    let date = date_of(time.date, [year, month, day])?;
    let hour = field(hour, time.hour.into(), "hour", (0, 23))?;
    let minute = field(minute, time.minute.into(), "minute", (0, 59))?;
    let second = field(second, time.second.into(), "second", (0, 59))?;
    let microsecond = field(
        microsecond,
        time.microsecond.into(),
        "microsecond",
        (0, 999_999),
    )?;
    let (offset, utc) = match &zone {
        None => (time.offset, time.utc),
        Some(Value::None) => (None, false),
        Some(zone) => match zone.downcast::<crate::time::Zone>() {
            Some(zone) => (Some(zone.offset), zone.utc),
            None => {
                return Err(Error::type_error(format!(
                    "tzinfo argument must be None or of a tzinfo subclass, not type '{}'",
                    zone.full_type_name()
                )));
            }
        },
    };
    let time = DateTime {
        date,
        hour: hour as u8,
        minute: minute as u8,
        second: second as u8,
        microsecond: microsecond as u32,
        offset,
        utc,
    };
    Ok(Value::DateTime(Arc::new(time)))
}
