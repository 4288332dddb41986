//! Arguments of a call.

use crate::Value;

/// Positional and keyword arguments, in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args {
    /// Positional arguments, without the receiver of a method.
    pub positional: Vec<Value>,
    /// Keyword arguments; a name occurs once.
    pub keyword: Vec<(String, Value)>,
}

impl Args {
    /// Positional arguments only.
    pub fn positional(values: impl Into<Vec<Value>>) -> Self {
        Self {
            positional: values.into(),
            keyword: Vec::new(),
        }
    }

    /// The keyword argument `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.keyword
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// Whether there are no arguments at all.
    pub fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.keyword.is_empty()
    }

    /// Binds the arguments to the parameters `names` of the Python function `function`, of which the first
    /// `required` have no default. The answer has one entry a parameter, `None` where the default is to be used.
    ///
    /// # Errors
    /// `TypeError` in `CPython`'s words for too many, missing, repeated or unknown arguments.
    pub fn bind<const N: usize>(
        &self,
        function: &str,
        names: [&str; N],
        required: usize,
    ) -> crate::Result<[Option<Value>; N]> {
        let mut bound: [Option<Value>; N] = std::array::from_fn(|_| None);
        if self.positional.len() > N {
            let plural = if N == 1 { "" } else { "s" };
            return Err(crate::Error::type_error(format!(
                "{function}() takes {}{N} positional argument{plural} but {} {} given",
                if required < N {
                    format!("from {required} to ")
                } else {
                    String::new()
                },
                self.positional.len(),
                if self.positional.len() == 1 {
                    "was"
                } else {
                    "were"
                },
            )));
        }
        for (slot, value) in bound.iter_mut().zip(&self.positional) {
            *slot = Some(value.clone());
        }
        for (key, value) in &self.keyword {
            let Some(index) = names.iter().position(|name| name == key) else {
                return Err(crate::Error::type_error(format!(
                    "{function}() got an unexpected keyword argument '{key}'"
                )));
            };
            if bound[index].is_some() {
                return Err(crate::Error::type_error(format!(
                    "{function}() got multiple values for argument '{key}'"
                )));
            }
            bound[index] = Some(value.clone());
        }
        let missing: Vec<_> = (0..required)
            .filter(|i| bound[*i].is_none())
            .map(|i| format!("'{}'", names[i]))
            .collect();
        if !missing.is_empty() {
            let plural = if missing.len() == 1 { "" } else { "s" };
            let listed = match missing.as_slice() {
                [one] => one.clone(),
                [first, second] => format!("{first} and {second}"),
                [head @ .., last] => format!("{}, and {last}", head.join(", ")),
                [] => String::new(),
            };
            return Err(crate::Error::type_error(format!(
                "{function}() missing {} required positional argument{plural}: {listed}",
                missing.len()
            )));
        }
        Ok(bound)
    }
}
