//! Evaluates the expression trees that `generate.py` writes.

mod functions;
mod literal;

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::Value as Json;
use values::dict::Map;
use values::{Args, Dict, Error, ErrorKind, Key, Result, Value, attr, methods, ops};

/// The names that an expression has given to values.
#[derive(Default)]
pub(crate) struct Driver {
    names: HashMap<String, Value>,
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap()
}

impl Driver {
    pub(crate) fn eval(&mut self, tree: &Json) -> Result<Value> {
        match text(&tree[0]) {
            "name" => Ok(match text(&tree[1]) {
                "utc" => literal::utc(),
                name => self.names[name].clone(),
            }),
            "let" => {
                let value = self.eval(&tree[2])?;
                self.names.insert(text(&tree[1]).to_owned(), value.clone());
                Ok(value)
            }
            "list" => Ok(Value::list(self.all(&tree[1])?)),
            "tuple" => Ok(Value::tuple(self.all(&tree[1])?)),
            "set" => {
                let keys = self
                    .all(&tree[1])?
                    .into_iter()
                    .map(|item| Ok((Key::new(item)?, Value::None)));
                Ok(Value::Set(Dict::new(keys.collect::<Result<Map>>()?)))
            }
            "dict" => {
                let mut items = Map::new();
                for pair in tree[1].as_array().unwrap() {
                    let (key, value) = (self.eval(&pair[0])?, self.eval(&pair[1])?);
                    items.insert(Key::new(key)?, value);
                }
                Ok(Value::Dict(Dict::new(items)))
            }
            "binary" => {
                let (left, right) = (self.eval(&tree[2])?, self.eval(&tree[3])?);
                binary(text(&tree[1]), &left, &right)
            }
            "unary" => {
                let operand = self.eval(&tree[2])?;
                match text(&tree[1]) {
                    "-" => ops::neg(&operand),
                    "+" => ops::pos(&operand),
                    _ => Ok((!ops::truth(&operand)?).into()),
                }
            }
            "attr" => {
                let value = self.eval(&tree[1])?;
                attr::get_attr(&value, text(&tree[2]))
                    .ok_or_else(|| no_attribute(&value, text(&tree[2])))
            }
            "item" => {
                let (value, key) = (self.eval(&tree[1])?, self.eval(&tree[2])?);
                attr::get_item(&value, &key)
            }
            "slice" => {
                let value = self.eval(&tree[1])?;
                let bounds = [
                    self.eval(&tree[2])?,
                    self.eval(&tree[3])?,
                    self.eval(&tree[4])?,
                ];
                attr::get_slice(&value, &bounds[0], &bounds[1], &bounds[2])
            }
            "function" => {
                let args = self.args(&tree[2], &tree[3])?;
                functions::call(text(&tree[1]), &args)
            }
            "method" => {
                let (receiver, name) = (self.eval(&tree[1])?, text(&tree[2]));
                let args = self.args(&tree[3], &tree[4])?;
                match attr::get_attr(&receiver, name) {
                    Some(_) => methods::call(&receiver, name, &args),
                    None => Err(no_attribute(&receiver, name)),
                }
            }
            _ => Ok(literal::value(tree)),
        }
    }

    fn all(&mut self, trees: &Json) -> Result<Vec<Value>> {
        trees
            .as_array()
            .unwrap()
            .iter()
            .map(|tree| self.eval(tree))
            .collect()
    }

    fn args(&mut self, positional: &Json, keyword: &Json) -> Result<Args> {
        let positional = self.all(positional)?;
        let keyword = keyword.as_array().unwrap().iter();
        let keyword = keyword.map(|pair| Ok((text(&pair[0]).to_owned(), self.eval(&pair[1])?)));
        Ok(Args {
            positional,
            keyword: keyword.collect::<Result<_>>()?,
        })
    }
}

fn no_attribute(value: &Value, name: &str) -> Error {
    match value {
        Value::Undefined(undefined) => Error::undefined(undefined),
        _ => Error::new(
            ErrorKind::Attribute,
            format!(
                "'{}' object has no attribute '{name}'",
                value.full_type_name()
            ),
        ),
    }
}

fn binary(op: &str, a: &Value, b: &Value) -> Result<Value> {
    let order = |test: fn(Ordering) -> bool| Ok(ops::compare(a, b, op)?.is_some_and(test).into());
    match op {
        "+" => ops::add(a, b),
        "-" => ops::sub(a, b),
        "*" => ops::mul(a, b),
        "/" => ops::truediv(a, b),
        "//" => ops::floordiv(a, b),
        "%" => ops::modulo(a, b),
        "**" => ops::pow(a, b),
        "==" => Ok(ops::eq(a, b)?.into()),
        "!=" => Ok((!ops::eq(a, b)?).into()),
        "<" => order(Ordering::is_lt),
        "<=" => order(Ordering::is_le),
        ">" => order(Ordering::is_gt),
        ">=" => order(Ordering::is_ge),
        "in" => Ok(ops::contains(b, a)?.into()),
        "not in" => Ok((!ops::contains(b, a)?).into()),
        "is" => Ok(ops::is(a, b).into()),
        "is not" => Ok((!ops::is(a, b)).into()),
        _ => panic!("operator {op}"),
    }
}
