//! The variable `loop`.

use std::any::Any;
use std::sync::{Arc, Mutex};

use values::{Args, Object, Value};

use super::State;
use super::loops::{Items, Recursion};
use super::slots::lock;
use crate::{Error, Result};

/// The state of a loop.
#[derive(Debug)]
pub(super) struct LoopContext {
    /// What is looped over; `None` behind an `if`, where nobody knows its length.
    iterable: Option<Value>,
    recursion: Option<Arc<Recursion>>,
    depth0: usize,
    state: Mutex<LoopState>,
}

#[derive(Debug)]
struct LoopState {
    /// Taken while the next item is worked out.
    items: Option<Items>,
    index0: i64,
    length: Option<usize>,
    /// The next item, where it was asked for already.
    after: Option<Value>,
    current: Option<Value>,
    before: Option<Value>,
    changed: Option<Vec<Value>>,
}

impl LoopContext {
    pub(super) fn new(
        items: Items,
        iterable: Option<Value>,
        recursion: Option<Arc<Recursion>>,
        depth0: usize,
    ) -> Self {
        let state = LoopState {
            items: Some(items),
            index0: -1,
            length: None,
            after: None,
            current: None,
            before: None,
            changed: None,
        };
        Self {
            iterable,
            recursion,
            depth0,
            state: Mutex::new(state),
        }
    }

    fn index0(&self) -> i64 {
        lock(&self.state).index0
    }

    /// The length, where it is known or can be asked for.
    fn known_length(&self) -> Option<usize> {
        let length = lock(&self.state).length;
        length.or_else(|| values::ops::len(self.iterable.as_ref()?).ok())
    }
}

impl Object for LoopContext {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "LoopContext"
    }
    fn repr(&self) -> String {
        let length = self
            .known_length()
            .map_or("?".to_owned(), |length| length.to_string());
        format!("<LoopContext {}/{length}>", self.index0() + 1)
    }
    fn len(&self) -> Option<usize> {
        self.known_length()
    }
    fn is_callable(&self) -> bool {
        true
    }
}

/// `loop.cycle` or `loop.changed`.
#[derive(Debug)]
pub(super) struct LoopMethod {
    context: Value,
    name: &'static str,
}

impl Object for LoopMethod {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "method"
    }
    fn repr(&self) -> String {
        format!(
            "<bound method LoopContext.{} of {}>",
            self.name,
            values::repr::repr(&self.context)
        )
    }
    fn is_callable(&self) -> bool {
        true
    }
}

impl State<'_> {
    /// The next item from where the items come.
    fn pull(&mut self, context: &LoopContext) -> Result<Option<Value>> {
        let Some(mut items) = lock(&context.state).items.take() else {
            return Err(Error::value_error("generator already executing"));
        };
        let item = self.next_item(&mut items);
        lock(&context.state).items = Some(items);
        item
    }

    /// The next item of the loop.
    pub(super) fn advance(&mut self, context: &LoopContext) -> Result<Option<Value>> {
        let after = lock(&context.state).after.take();
        let item = match after {
            Some(item) => Some(item),
            None => self.pull(context)?,
        };
        if let Some(item) = &item {
            let mut state = lock(&context.state);
            state.index0 += 1;
            state.before = state.current.replace(item.clone());
        }
        Ok(item)
    }

    /// The item after this one.
    fn peek(&mut self, context: &LoopContext) -> Result<Option<Value>> {
        if let Some(after) = &lock(&context.state).after {
            return Ok(Some(after.clone()));
        }
        let after = self.pull(context)?;
        lock(&context.state).after.clone_from(&after);
        Ok(after)
    }

    pub(super) fn loop_length(&mut self, context: &LoopContext) -> Result<i64> {
        if let Some(length) = context.known_length() {
            lock(&context.state).length = Some(length);
            return Ok(length as i64);
        }
        let mut rest = Vec::new();
        while let Some(item) = self.pull(context)? {
            rest.push(item);
        }
        let mut state = lock(&context.state);
        let seen =
            usize::try_from(state.index0 + 1).unwrap_or(0) + usize::from(state.after.is_some());
        let length = rest.len() + seen;
        state.items = Some(Items::List(rest.into_iter()));
        state.length = Some(length);
        Ok(length as i64)
    }

    pub(super) fn loop_attr(
        &mut self,
        value: &Value,
        this: &LoopContext,
        name: &str,
    ) -> Result<Option<Value>> {
        let index0 = this.index0();
        Ok(Some(match name {
            "index" => Value::Int(index0 + 1),
            "index0" => Value::Int(index0),
            "length" => Value::Int(self.loop_length(this)?),
            "revindex" => Value::Int(self.loop_length(this)? - index0),
            "revindex0" => Value::Int(self.loop_length(this)? - index0 - 1),
            "first" => Value::Bool(index0 == 0),
            "last" => Value::Bool(self.peek(this)?.is_none()),
            "depth" => Value::from(this.depth0 + 1),
            "depth0" => Value::from(this.depth0),
            "previtem" => {
                let before = lock(&this.state).before.clone();
                match before {
                    Some(before) if index0 != 0 => before,
                    _ => Value::undefined_with("previtem", "there is no previous item"),
                }
            }
            "nextitem" => match self.peek(this)? {
                Some(after) => after,
                None => Value::undefined_with("nextitem", "there is no next item"),
            },
            "cycle" => Value::object(LoopMethod {
                context: value.clone(),
                name: "cycle",
            }),
            "changed" => Value::object(LoopMethod {
                context: value.clone(),
                name: "changed",
            }),
            _ => return Ok(None),
        }))
    }

    pub(super) fn call_loop_method(method: &LoopMethod, args: &Args) -> Result<Value> {
        let Some(this) = method.context.downcast::<LoopContext>() else {
            return Err(Error::type_error("not a loop"));
        };
        if let Some((name, _)) = args.keyword.first() {
            return Err(Error::type_error(format!(
                "LoopContext.{}() got an unexpected keyword argument '{name}'",
                method.name
            )));
        }
        if method.name == "cycle" {
            let index = usize::try_from(this.index0()).unwrap_or(0);
            return match args.positional.len() {
                0 => Err(Error::type_error("no items for cycling given")),
                count => Ok(args.positional[index % count].clone()),
            };
        }
        let last = lock(&this.state).changed.clone();
        if let Some(last) = last {
            let (last, now) = (Value::tuple(last), Value::tuple(args.positional.clone()));
            if super::compare(crate::ast::CompareOp::Eq, &last, &now)? {
                return Ok(Value::Bool(false));
            }
        }
        lock(&this.state).changed = Some(args.positional.clone());
        Ok(Value::Bool(true))
    }

    /// `loop(iterable)`
    pub(super) fn call_loop(&mut self, this: &LoopContext, args: &Args) -> Result<Value> {
        let [iterable] = args.bind("LoopContext.__call__", ["iterable"], 1)?;
        let Some(recursion) = &this.recursion else {
            let message = "The loop must have the 'recursive' marker to be called recursively.";
            return Err(Error::type_error(message));
        };
        self.run_recursion(recursion, iterable.unwrap_or(Value::None), this.depth0 + 1)
    }
}
