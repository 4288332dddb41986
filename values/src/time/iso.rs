//! What `isocalendar()` returns: a named tuple.

use crate::{Date, Error, ErrorKind, Object, Result, Value, ops, slice};

/// `datetime.IsoCalendarDate`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IsoDate {
    year: i32,
    week: i32,
    weekday: i32,
}

impl IsoDate {
    pub(crate) fn of(date: Date) -> Self {
        let (year, week, weekday) = date.isocalendar();
        Self {
            year,
            week,
            weekday,
        }
    }

    fn values(self) -> [Value; 3] {
        [self.year, self.week, self.weekday].map(Value::from)
    }
}

impl Object for IsoDate {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "IsoCalendarDate"
    }
    fn repr(&self) -> String {
        format!(
            "datetime.IsoCalendarDate(year={}, week={}, weekday={})",
            self.year, self.week, self.weekday
        )
    }
    fn len(&self) -> Option<usize> {
        Some(3)
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        let index = ["year", "week", "weekday"]
            .iter()
            .position(|field| *field == name)?;
        Some(self.values()[index].clone())
    }
    fn get_item(&self, key: &Value) -> Option<Result<Value>> {
        Some(match ops::index(key) {
            Some(index) => slice::position(index, 3, "tuple index out of range")
                .map(|index| self.values()[index].clone()),
            None => Err(Error::new(
                ErrorKind::Type,
                format!(
                    "tuple indices must be integers or slices, not {}",
                    key.full_type_name()
                ),
            )),
        })
    }
    fn items(&self) -> Option<Result<Vec<Value>>> {
        Some(Ok(self.values().to_vec()))
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        Some(match other {
            Value::Tuple(_) => ops::eq(&Value::tuple(self.values()), other).unwrap_or(false),
            _ => other.downcast::<IsoDate>() == Some(self),
        })
    }
}
