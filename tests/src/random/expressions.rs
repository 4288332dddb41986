//! Random Jinja2 about the names given: mostly of types that fit, now and
//! then wild, so that most cases render and some fail.

use std::fmt::Write as _;

use super::rng::Rng;

const TEXTS: &[&str] = &[
    "'a'",
    "\"b c\"",
    "'é😀'",
    "''",
    "'Ab-Cd'.lower()",
    "'%s-%s' % (1, 'x')",
    "'a,b'.split(',')[1]",
    "'{}{}'.format(1, 'b')",
    "'line\\nbreak'",
    "'<b> & \"q\"'",
    "'x'.join(['1', '2'])",
    "'abc'[1:]",
    "'a' * 3",
    "'Word word'.title()",
];
const NUMBERS: &[&str] = &[
    "1",
    "2.5",
    "0",
    "-3",
    "7 // 2",
    "7 / 2",
    "-7 % 3",
    "2 ** 70",
    "1_000",
    "0x1f",
    "1e3",
    "10.0",
    "'abc'|length",
    "3.14159|round(2)",
    "'12'|int",
    "'x'|int(5)",
    "'1.5'|float",
    "[3, 1]|sum",
    "(1, 2)|max",
];
const LISTS: &[&str] = &[
    "[1, 2, 3]",
    "['x', 'y', 'X']",
    "[]",
    "range(4)|list",
    "(1, 'x', none)",
    "'cab'|list",
    "['b', 'a']|sort",
    "[[1, 'a'], [2, 'b']]",
    "{'a': 1, 'b': [2]}|items|list",
    "['a', '', none]|select|list",
    "[1, 2, 3, 4, 5]|batch(2)|list",
    "[3, 1, 2]|sort(reverse=true)",
    "['a', 'B', 'c']|map('upper')|list",
    "{'b': 2, 'a': 1}|dictsort",
    "[1, 1, 2]|unique|list",
    "range(5)|select('odd')|list",
];
const TEXT_FILTERS: &[&str] = &[
    "upper",
    "lower",
    "title",
    "capitalize",
    "trim",
    "replace('a', 'bb')",
    "reverse",
    "indent",
    "indent(2, true)",
    "center(9)",
    "truncate(5)",
    "reverse_host",
    "common_domain('x.example')",
    "e",
    "urlencode",
    "striptags",
    "wordwrap(5)",
    "string",
    "default('d', true)",
    "tojson",
    "pprint",
    "first|default('-')",
    "safe",
    "forceescape",
];
const LIST_FILTERS: &[&str] = &[
    "join('-')",
    "length",
    "first|default('-')",
    "last|default('-')",
    "list",
    "reverse|list",
    "tojson",
    "string",
    "map('string')|join(',')",
    "slice(2)|list",
    "random|default('-')|string|length < 99",
];
const TESTS: &[&str] = &[
    "defined",
    "undefined",
    "none",
    "string",
    "number",
    "mapping",
    "iterable",
    "sequence",
    "boolean",
    "sameas(true)",
    "eq(1)",
    "true",
    "false",
    "integer",
    "float",
    "callable",
    "in [1, 'a']",
    "ne('a')",
];
/// What seldom fits.
const WILD: &[&str] = &[
    "1 + 'a'",
    "NOT_THERE",
    "'a'.nope",
    "[1][7]",
    "none|upper|length",
    "'a' - 1",
    "ID()",
    "ID|nope",
    "'a' is nope",
    "1 < 'a'",
    "[1]|join('-')|int + 'x'",
    "{}.a.b",
    "1 / 0",
    "'%d' % 'x'",
    "[2, 'a']|sort",
    "none|length",
    "3|list",
];

/// An expression about `names`, of any type.
pub(super) fn expression(rng: &mut Rng, names: &[String], depth: usize) -> String {
    if rng.below(150) == 0 {
        return rng.pick(WILD).to_owned();
    }
    match rng.below(if depth > 2 { 4 } else { 10 }) {
        0 | 1 => name(rng, names),
        2 => rng.pick(NUMBERS).to_owned(),
        3 => rng.pick(LISTS).to_owned(),
        4 | 5 => text_expression(rng, names, depth),
        6 => format!("({})|{}", rng.pick(LISTS), rng.pick(LIST_FILTERS)),
        7 => condition(rng, names, depth),
        8 => format!(
            "{} {} {}",
            number(rng),
            rng.pick(&["+", "-", "*", "<", ">=", "==", "and", "or"]),
            number(rng)
        ),
        _ => format!(
            "{} if {} else {}",
            text_expression(rng, names, depth + 1),
            condition(rng, names, depth + 1),
            expression(rng, names, depth + 1)
        ),
    }
}

fn number(rng: &mut Rng) -> String {
    format!("({})", rng.pick(NUMBERS))
}

fn text_expression(rng: &mut Rng, names: &[String], depth: usize) -> String {
    match rng.below(if depth > 2 { 2 } else { 5 }) {
        0 => rng.pick(TEXTS).to_owned(),
        1 => format!("{}|string", name(rng, names)),
        2 | 3 => format!(
            "({})|{}",
            text_expression(rng, names, depth + 1),
            rng.pick(TEXT_FILTERS)
        ),
        _ => format!(
            "{} ~ ({})",
            rng.pick(TEXTS),
            expression(rng, names, depth + 1)
        ),
    }
}

fn condition(rng: &mut Rng, names: &[String], depth: usize) -> String {
    match rng.below(if depth > 2 { 2 } else { 5 }) {
        0 => name(rng, names),
        1 => format!(
            "{} is {}{}",
            name(rng, names),
            rng.pick(&["", "not "]),
            rng.pick(TESTS)
        ),
        2 => format!(
            "{} {} {}",
            name(rng, names),
            rng.pick(&["==", "!="]),
            rng.pick(TEXTS)
        ),
        3 => format!("not ({})", condition(rng, names, depth + 1)),
        _ => format!(
            "{} {} {}",
            condition(rng, names, depth + 1),
            rng.pick(&["and", "or"]),
            condition(rng, names, depth + 1)
        ),
    }
}

fn name(rng: &mut Rng, names: &[String]) -> String {
    if names.is_empty() {
        "ID".to_owned()
    } else {
        names[rng.below(names.len())].clone()
    }
}

/// A text with expressions in it, for one line.
pub(super) fn text(rng: &mut Rng, names: &[String]) -> String {
    let mut text = rng.pick(&["", "a ", "http://", "é-"]).to_owned();
    for _ in 0..=rng.below(2) {
        let inner = if rng.chance(65) {
            name(rng, names)
        } else {
            expression(rng, names, 1)
        };
        let (open, close) = *[("{{-", "}}"), ("{{", "-}}")]
            .get(rng.below(20))
            .unwrap_or(&("{{", "}}"));
        let _ = write!(text, "{open} {inner} {close}");
        text.push_str(rng.pick(&["", ".example", "/", " "]));
    }
    text
}

/// Lines of a template.
pub(super) fn lines(rng: &mut Rng, names: &[String], depth: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for _ in 0..=rng.below(3) {
        let (open, close) = *[("{%-", "%}"), ("{%", "-%}"), ("{%-", "-%}"), ("{%+", "%}")]
            .get(rng.below(8))
            .unwrap_or(&("{%", "%}"));
        match rng.below(if depth > 1 { 4 } else { 12 }) {
            0..4 => lines.push(text(rng, names)),
            4 => {
                lines.push(format!("{open} if {} {close}", condition(rng, names, 1)));
                lines.extend(self::lines(rng, names, depth + 1));
                if rng.chance(50) {
                    lines.push(format!("{open} else {close}"));
                    lines.extend(self::lines(rng, names, depth + 1));
                }
                lines.push(format!("{open} endif {close}"));
            }
            5 => {
                let over = rng.pick(&[
                    "[1, 2, 3]",
                    "range(3)",
                    "'abc'",
                    "['x', 'y']|reverse",
                    "{'a': 1}.items()",
                    "iter_values_named(suffix='_B')",
                    "[1, 2, 3] if item != 2",
                    "iter_values_named(prefix='USER_', allow_empty=true)",
                ]);
                lines.push(format!("{open} for item in {over} {close}"));
                lines.push(
                    "{{ loop.index }}/{{ loop.length }}:{{ item }}{{ ',' if not loop.last }}"
                        .to_owned(),
                );
                lines.extend(self::lines(rng, names, depth + 1));
                lines.push(format!(
                    "{open} {}endfor {close}",
                    rng.pick(&["", "else %}empty{% "])
                ));
            }
            6 => lines.push(format!(
                "{open} set v = {} {close}{{{{ v }}}}",
                expression(rng, names, 1)
            )),
            7 | 8 => lines.push(format!(
                "{{{{ patch('{}'{}) }}}}",
                rng.pick(&["point-a", "point-b", "nobody"]),
                rng.pick(&["", ", separator=', '", ", suffix='!'"])
            )),
            9 => {
                lines.push(
                    "{% macro m(a, b=2) %}<{{ a }}{{ b }}{{ varargs }}{{ kwargs }}>{% endmacro %}"
                        .to_owned(),
                );
                lines.push(format!(
                    "{{{{ m({}) }}}}{{{{ m(1, 2, 3, c=4) }}}}",
                    expression(rng, names, 2)
                ));
            }
            10 => {
                lines.push(format!("{open} filter {} {close}", rng.pick(TEXT_FILTERS)));
                lines.push(text(rng, names));
                lines.push(format!("{open} endfilter {close}"));
            }
            _ => lines.push(
                rng.pick(&[
                    "{# a comment #}",
                    "{% raw %}{{ x }}{% endraw %}",
                    "{%- with w = 1 %}{{ w }}{% endwith %}",
                    "",
                ])
                .to_owned(),
            ),
        }
    }
    lines
}
