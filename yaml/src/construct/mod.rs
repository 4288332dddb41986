//! A graph of nodes to values, as `PyYAML`'s safe constructor does it.
//!
//! Collections are filled level by level, and each node makes one value, whatever the number of its aliases. So the
//! first of several errors is the one that Python finds first, and shared lists are one list.

mod merge;
mod number;
pub(crate) use number::MAX_DIGITS;
mod scalar;

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use values::dict::Map;
use values::{Dict, Key, List, Value};

use crate::error::{Error, ErrorKind, Mark};
use crate::graph::{Content, Graph, Id, Use};
use crate::resolve::Tag;

type Result<T> = std::result::Result<T, Error>;

fn error(problem: impl Into<String>, mark: Mark) -> Error {
    Error::new(ErrorKind::Constructor, problem, mark)
}

/// Builds the value of `root`. Also gives the values of all nodes, by number.
pub(crate) fn construct(graph: &mut Graph<'_>, root: Id) -> Result<(Value, Vec<Option<Value>>)> {
    if let Some(mark) = graph.recursions.first() {
        let problem = "the alias is inside what its anchor names: values that contain themselves are not supported";
        return Err(error(problem, *mark));
    }
    let built = vec![None; graph.len()];
    let mut constructor = Constructor {
        graph,
        built,
        pending: VecDeque::new(),
        merged: HashMap::new(),
        merged_items: 0,
        merge_depth: 0,
    };
    let value = constructor.object(root)?;
    while let Some((id, value)) = constructor.pending.pop_front() {
        constructor.fill(id, &value)?;
    }
    Ok((value, constructor.built))
}

struct Constructor<'g, 'a> {
    graph: &'g mut Graph<'a>,
    built: Vec<Option<Value>>,
    /// Collections that are still empty.
    pending: VecDeque<(Id, Value)>,
    /// The items of mappings with merge keys, after merging.
    merged: HashMap<usize, Rc<[(Use, Use)]>>,
    /// How many items there are in `merged`.
    merged_items: usize,
    /// How many mappings are being merged into each other right now.
    merge_depth: usize,
}

impl Constructor<'_, '_> {
    /// The value of a node; if it is a collection, it is filled later.
    fn object(&mut self, id: Id) -> Result<Value> {
        if let Some(value) = &self.built[id.index()] {
            return Ok(value.clone());
        }
        let node = self.graph.node(id);
        let value = match &node.tag {
            Tag::Seq | Tag::Omap | Tag::Pairs => Value::List(List::default()),
            Tag::Map => Value::Dict(Dict::default()),
            Tag::Set => Value::Set(Dict::default()),
            _ => self.scalar(node)?,
        };
        if matches!(value, Value::List(_) | Value::Dict(_) | Value::Set(_)) {
            self.pending.push_back((id, value.clone()));
        }
        self.built[id.index()] = Some(value.clone());
        Ok(value)
    }

    fn fill(&mut self, id: Id, value: &Value) -> Result<()> {
        let start = self.graph.node(id).span.start;
        let frozen = |fault: values::Error| error(fault.message, start);
        match value {
            Value::List(list) => {
                let items = match self.graph.node(id).tag {
                    Tag::Omap => self.pairs(id, "while constructing an ordered map")?,
                    Tag::Pairs => self.pairs(id, "while constructing pairs")?,
                    _ => self.sequence(id)?,
                };
                *list.write().map_err(frozen)? = items;
            }
            Value::Dict(dict) => {
                let items = self.mapping(id)?;
                *dict.write().map_err(frozen)? = items;
            }
            Value::Set(set) => {
                let mut items = self.mapping(id)?;
                items.values_mut().for_each(|value| *value = Value::None);
                *set.write().map_err(frozen)? = items;
            }
            _ => {}
        }
        Ok(())
    }

    fn wrong_content(&self, id: Id, expected: &str) -> Error {
        let node = self.graph.node(id);
        error(
            format!(
                "expected a {expected} node, but found {}",
                node.content.name()
            ),
            node.span.start,
        )
    }

    fn sequence(&mut self, id: Id) -> Result<Vec<Value>> {
        let Content::Sequence(uses) = &self.graph.node(id).content else {
            return Err(self.wrong_content(id, "sequence"));
        };
        let uses = uses.clone();
        uses.iter().map(|item| self.object(item.id)).collect()
    }

    fn mapping(&mut self, id: Id) -> Result<Map> {
        let items = self.mapping_items(id)?;
        let mut map = Map::with_capacity(items.len());
        for (key_use, value_use) in items.iter() {
            let key = self.object(key_use.id)?;
            let Ok(key) = Key::new(key) else {
                let (node, key) = (self.graph.node(id), self.graph.node(key_use.id));
                return Err(error("found unhashable key", key.span.start)
                    .within("while constructing a mapping", node.span.start));
            };
            let value = self.object(value_use.id)?;
            map.insert(key, value);
        }
        Ok(map)
    }

    /// The items of an `!!omap` or `!!pairs`: tuples.
    fn pairs(&mut self, id: Id, context: &str) -> Result<Vec<Value>> {
        let node = self.graph.node(id);
        let start = node.span.start;
        let Content::Sequence(uses) = &node.content else {
            let problem = format!("expected a sequence, but found {}", node.content.name());
            return Err(error(problem, start).within(context, start));
        };
        let uses = uses.clone();
        let mut items = Vec::with_capacity(uses.len());
        for item in uses {
            let node = self.graph.node(item.id);
            let problem = match &node.content {
                Content::Mapping(pairs) => {
                    if let [(key, value)] = *pairs.as_slice() {
                        items.push(Value::tuple([self.object(key.id)?, self.object(value.id)?]));
                        continue;
                    }
                    format!(
                        "expected a single mapping item, but found {} items",
                        pairs.len()
                    )
                }
                other => format!("expected a mapping of length 1, but found {}", other.name()),
            };
            return Err(error(problem, node.span.start).within(context, start));
        }
        Ok(items)
    }
}
