//! What one expression cannot show: sharing, changes while iterating, freezing, depth, speed of lookups.

use std::sync::Arc;

use values::dict::Map;
use values::{
    Args, Dict, Error, ErrorKind, Key, List, Object, Value, attr, iter, methods, ops, repr,
};

fn strings(items: &[&str]) -> Value {
    Value::list(
        items
            .iter()
            .map(|item| Value::from(*item))
            .collect::<Vec<_>>(),
    )
}

#[test]
fn what_is_appended_to_a_list_while_iterating_is_seen() {
    let list = List::new(vec![1_i64.into(), 2_i64.into()]);
    let mut seen = Vec::new();
    for item in iter::iterate(&list.clone().into()).unwrap() {
        let item = item.unwrap();
        if list.read().len() < 4 {
            list.write().unwrap().push(9_i64.into());
        }
        seen.push(item);
    }
    assert_eq!(repr::repr(&Value::list(seen)), "[1, 2, 9, 9]");
}

#[test]
fn a_dictionary_that_changes_size_while_iterating_is_an_error() {
    for is_set in [false, true] {
        let dict = Dict::from_pairs([("a", Value::None), ("b", Value::None)]);
        let value = if is_set {
            Value::Set(dict.clone())
        } else {
            Value::Dict(dict.clone())
        };
        let mut items = iter::iterate(&value).unwrap();
        items.next().unwrap().unwrap();
        dict.write().unwrap().insert(Key::str("c"), Value::None);
        let error = items.next().unwrap().unwrap_err();
        assert_eq!(error.kind, ErrorKind::Runtime);
        let what = if is_set { "Set" } else { "dictionary" };
        assert_eq!(
            error.message,
            format!("{what} changed size during iteration")
        );
        assert!(items.next().is_none());
    }
}

#[test]
fn a_view_shows_changes_and_reports_them_while_iterating() {
    let dict = Dict::from_pairs([("a", Value::Int(1))]);
    let items = methods::call(&dict.clone().into(), "items", &Args::default()).unwrap();
    dict.write().unwrap().insert(Key::str("b"), Value::Int(2));
    assert_eq!(repr::repr(&items), "dict_items([('a', 1), ('b', 2)])");
    let mut pairs = iter::iterate(&items).unwrap();
    pairs.next().unwrap().unwrap();
    dict.write().unwrap().clear();
    assert_eq!(pairs.next().unwrap().unwrap_err().kind, ErrorKind::Runtime);
}

#[test]
fn a_generator_is_shared_and_raises_its_error_once_at_the_end() {
    let error = Error::value_error("stopped");
    let items = iter::generator(
        "generator",
        "<generator>".into(),
        vec![1_i64.into(), 2_i64.into()],
        Some(error.clone()),
    );
    let mut first = iter::iterate(&items).unwrap();
    assert_eq!(first.next(), Some(Ok(Value::Int(1))));
    let mut second = iter::iterate(&items.clone()).unwrap();
    assert_eq!(second.next(), Some(Ok(Value::Int(2))));
    assert_eq!(first.next(), Some(Err(error)));
    assert_eq!(second.next(), None);
    assert_eq!(repr::repr(&items), "<generator>");
}

/// An iterator that does not say that it is one.
#[derive(Debug)]
struct Secretive(std::sync::atomic::AtomicI64);

impl Object for Secretive {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "secretive"
    }
    fn repr(&self) -> String {
        "<secretive>".into()
    }
    fn next(&self) -> Option<values::Result<Option<Value>>> {
        let item = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Some(Ok((item < 3).then_some(Value::Int(item))))
    }
}

#[test]
fn an_iterator_that_is_found_out_by_asking_loses_no_item() {
    let value = Value::object(Secretive(0.into()));
    assert_eq!(
        repr::repr(&Value::list(iter::collect(&value).unwrap())),
        "[0, 1, 2]"
    );
    let error = iter::iterate(&attr::get_attr(&Value::from("a"), "upper").unwrap()).unwrap_err();
    assert_eq!(
        error.message,
        "'builtin_function_or_method' object is not iterable"
    );
}

#[test]
fn frozen_containers_refuse_every_change_and_give_copies_that_do_not() {
    let inner = strings(&["b", "a"]);
    let dict = Value::Dict(Dict::from_pairs([("list", inner.clone())]));
    dict.freeze();
    let no_args = Args::default();
    let calls: [(&Value, &str, Args); 9] = [
        (&inner, "append", Args::positional([Value::None])),
        (&inner, "extend", Args::positional([strings(&[])])),
        (&inner, "sort", no_args.clone()),
        (&inner, "pop", no_args.clone()),
        (&dict, "update", no_args.clone()),
        (&dict, "pop", Args::positional([Value::from("list")])),
        (&dict, "clear", no_args.clone()),
        (&dict, "setdefault", Args::positional([Value::from("new")])),
        (&dict, "popitem", no_args.clone()),
    ];
    for (receiver, name, args) in calls {
        let error = methods::call(receiver, name, &args).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unsupported, "{name}");
    }
    let copy = methods::call(&inner, "copy", &no_args).unwrap();
    methods::call(&copy, "sort", &no_args).unwrap();
    assert_eq!(repr::repr(&copy), "['a', 'b']");
    assert_eq!(repr::repr(&dict), "{'list': ['b', 'a']}");
}

#[test]
fn very_deep_containers_are_dropped_compared_and_shown_without_overflowing_the_stack() {
    let mut list = Value::None;
    let mut mixed = Value::None;
    for level in 0..200_000 {
        list = Value::list([list]);
        mixed = if level % 2 == 0 {
            Dict::from_pairs([("a", mixed)]).into()
        } else {
            Value::list([mixed])
        };
    }
    assert_eq!(
        repr::try_repr(&list).unwrap_err().kind,
        ErrorKind::Recursion
    );
    assert_eq!(repr::to_str(&mixed).unwrap_err().kind, ErrorKind::Recursion);
    assert!(repr::repr(&list).ends_with(']'));
    let other = Value::list([list.clone()]);
    assert_eq!(
        ops::eq(&list, &other).unwrap_err().kind,
        ErrorKind::Recursion
    );
    assert!(values::json::dumps(&mixed, &values::json::Options::default()).is_err());
}

#[test]
fn a_text_finds_the_key_that_equals_it_whatever_its_type() {
    let mut items = Map::new();
    items.insert(Key::new(Value::Markup("a".into())).unwrap(), 1_i64.into());
    items.insert(
        Key::new(Value::Bytes(b"b".as_slice().into())).unwrap(),
        2_i64.into(),
    );
    let dict = Dict::new(items);
    assert_eq!(dict.get_str("a"), Some(Value::Int(1)));
    assert_eq!(dict.get_str("b"), None);
}

#[test]
fn values_cross_threads() {
    fn check<T: Send + Sync>() {}
    check::<Value>();
    check::<iter::Iter>();
    let list = strings(&["a"]);
    let clone = list.clone();
    std::thread::spawn(move || {
        methods::call(&clone, "append", &Args::positional([Value::from("b")])).unwrap()
    })
    .join()
    .unwrap();
    assert_eq!(repr::repr(&list), "['a', 'b']");
}

#[test]
fn methods_that_are_missing_here_say_so_and_others_are_no_attributes() {
    let text = Value::from("a");
    assert!(
        methods::has(&text, "upper")
            && methods::has(&text, "__len__")
            && !methods::has(&text, "append")
    );
    let missing = methods::call(&text, "__len__", &Args::default()).unwrap_err();
    assert_eq!(
        (missing.kind, missing.message.as_str()),
        (ErrorKind::Unsupported, "str.__len__(): not supported")
    );
    assert_eq!(
        methods::call(&text, "append", &Args::default())
            .unwrap_err()
            .kind,
        ErrorKind::Attribute
    );
    assert!(attr::get_attr(&text, "append").is_none());
    assert!(attr::get_attr(&Value::undefined("x"), "append").is_none());
}

#[test]
fn str_of_a_text_shares_it() {
    let text: Arc<str> = "abc".into();
    assert!(Arc::ptr_eq(
        &text,
        &repr::to_shared_str(&text.clone().into()).unwrap()
    ));
}
