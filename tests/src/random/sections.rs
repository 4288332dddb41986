//! Puts a random case together.

use std::fmt::Write as _;

use super::expressions;
use super::rng::Rng;
use super::yaml;

const PLUGINS: [&str; 4] = ["alpha", "beta", "gamma-x", "delta"];
const CORE: [&str; 8] = [
    "LMS_HOST",
    "ID",
    "ENABLE_HTTPS",
    "SMTP_PORT",
    "PLATFORM_NAME",
    "MOUNTS",
    "TUTOR_VERSION",
    "CONTACT_EMAIL",
];
/// What a user value may name: what is drawn once, and what the user has.
const BASE: [&str; 3] = ["ID", "MYSQL_ROOT_PASSWORD", "TUTOR_VERSION"];

pub(super) fn case(rng: &mut Rng) -> String {
    let mut enabled: Vec<&str> = Vec::new();
    let mut names: Vec<String> = BASE.map(str::to_owned).to_vec();
    let installed = rng.below(PLUGINS.len() + 1);
    let mut all: Vec<String> = CORE.map(str::to_owned).to_vec();
    for plugin in &PLUGINS[..installed] {
        if rng.chance(80) {
            enabled.push(plugin);
            let prefix = prefix(plugin);
            if !prefix.contains('-') {
                all.extend(["A", "B", "C"].map(|key| format!("{prefix}_{key}")));
            }
        }
    }
    let user: Vec<String> = (0..rng.below(5))
        .map(|i| format!("USER_{}", ["Z", "A", "M", "B", "Q"][i]))
        .collect();
    names.extend(user.iter().cloned());
    all.extend(user.iter().cloned());

    // Settings that are drawn once cannot name defaults.
    let base = names.clone();

    let mut text = String::from("A random case.\n-- config.yml --\n");
    for (i, key) in user.iter().enumerate() {
        let _ = writeln!(text, "{key}: {}", user_value(rng, &below(i, &user)));
    }
    if rng.chance(40) {
        let _ = writeln!(
            text,
            "{}: {}",
            rng.pick(&["LMS_HOST", "PLATFORM_NAME", "SMTP_PORT"]),
            rng.pick(&["x.example", "'a b'", "8025", "\"{{ ID }}\""])
        );
    }
    if rng.chance(15) {
        let _ = writeln!(
            text,
            "{}: {}",
            rng.pick(&[
                "ACTIVATE_HTTPS",
                "WEB_PROXY",
                "SECRET_KEY",
                "MYSQL_DATABASE"
            ]),
            rng.pick(&["true", "false", "old"])
        );
    }
    text.push_str("@secrets@\n");
    if rng.chance(10) {
        enabled.push("missing");
    }
    let _ = writeln!(text, "PLUGINS: [{}]", enabled.join(", "));

    for plugin in &PLUGINS[..installed] {
        plugin_section(rng, plugin, &all, &base, &mut text);
    }
    templates(rng, &all, &mut text);
    // We keep a name that failed to load when we disable another, real Tutor does not.
    let disable = !enabled.contains(&"missing");
    commands(rng, &all, &names, disable, &mut text);
    text.push_str("-- expect --\nbare templates\n");
    text
}

/// What the user's setting number `i` may name: what is drawn once, and other
/// settings of lower rank, before or behind it. Circles would grow with every
/// save, beyond all bounds.
fn below(i: usize, user: &[String]) -> Vec<String> {
    const RANKS: [usize; 5] = [3, 0, 4, 1, 2];
    let lower = user
        .iter()
        .enumerate()
        .filter(|(j, _)| RANKS[*j] < RANKS[i]);
    BASE.iter()
        .map(|name| (*name).to_owned())
        .chain(lower.map(|(_, name)| name.clone()))
        .collect()
}

fn prefix(plugin: &str) -> String {
    plugin.to_uppercase()
}

fn user_value(rng: &mut Rng, names: &[String]) -> String {
    if rng.chance(15) {
        let lines = vec![
            "first".to_owned(),
            String::new(),
            expressions::text(rng, names),
        ];
        return yaml::block(rng, &lines, 2)
            .trim_end_matches('\n')
            .to_owned()
            + "\n";
    }
    yaml::value(rng, names, 0)
}

fn plugin_section(rng: &mut Rng, plugin: &str, all: &[String], base: &[String], text: &mut String) {
    let _ = writeln!(text, "-- plugins/{plugin}.yml --\nname: {plugin}");
    if rng.chance(60) {
        let _ = writeln!(
            text,
            "version: {}",
            rng.pick(&["'1.0'", "1.2.3", "v1", "\"\""])
        );
    }
    let mut kinds = vec![("add", vec!["A"]), ("defaults", vec!["B", "C"])];
    if rng.chance(40) {
        kinds.push((
            "set",
            vec![rng.pick(&["LMS_HOST", "SHARED", "USER_A", "SMTP_PORT", "CONTACT_EMAIL"])],
        ));
    }
    if rng.chance(30) {
        kinds.reverse();
    }
    text.push_str("config:\n");
    for (kind, keys) in kinds {
        let _ = writeln!(text, "  {kind}:");
        for key in keys {
            let drawn = BASE.map(str::to_owned);
            let names = match kind {
                "defaults" => all,
                "add" => base,
                _ => &drawn,
            };
            let _ = writeln!(text, "    {key}: {}", plugin_value(rng, names));
        }
    }
    text.push_str("patches:\n");
    for point in ["point-a", "point-b", "unused"] {
        if rng.chance(60) {
            let lines = if rng.chance(40) {
                vec![expressions::text(rng, all)]
            } else {
                expressions::lines(rng, all, 1)
            };
            let lines: Vec<String> = lines
                .into_iter()
                .filter(|line| !line.contains("patch("))
                .collect();
            let block = yaml::block(rng, &lines, 4);
            let _ = writeln!(text, "  {point}: {}", block.trim_end_matches('\n'));
        }
    }
    text.push_str("  last: ''\n");
}

fn plugin_value(rng: &mut Rng, all: &[String]) -> String {
    if rng.chance(40) {
        let value = expressions::text(rng, all);
        yaml::quoted(rng, &value)
    } else {
        yaml::value(rng, all, 0)
    }
}

fn templates(rng: &mut Rng, all: &[String], text: &mut String) {
    text.push_str("-- templates/apps/points --\n[{{ patch('point-a') }}]\n[{{ patch('point-b', separator='; ', suffix='.') }}]\n");
    text.push_str("-- templates/apps/values --\n");
    for name in all {
        let _ = writeln!(
            text,
            "{name} {{{{ {name} if {name} is defined else '-' }}}}"
        );
    }
    for i in 0..rng.below(3) {
        let folder = rng.pick(&["apps", "build", "local", "k8s"]);
        let _ = writeln!(text, "-- templates/{folder}/t{i} --");
        for line in expressions::lines(rng, all, 0) {
            let _ = writeln!(text, "{line}");
        }
    }
}

fn commands(rng: &mut Rng, all: &[String], names: &[String], disable: bool, text: &mut String) {
    text.push_str("-- run --\n");
    for _ in 0..=rng.below(4) {
        let line = match rng.below(if disable { 12 } else { 11 }) {
            0..3 => "config save".to_owned(),
            3 | 4 => format!(
                "config save -s {}",
                shell(&format!(
                    "{}={}",
                    rng.pick(&["USER_A", "NEW", "LMS_HOST", "ALPHA_B"]),
                    yaml::value(rng, names, 1)
                ))
            ),
            5 => format!(
                "config save -a NEW_LIST={} -a OPENEDX_EXTRA_PIP_REQUIREMENTS=x",
                rng.pick(&["a", "b", "a", "b", "x", "1"])
            ),
            6 => format!(
                "config save -U {}",
                rng.pick(&["USER_A", "LMS_HOST", "ALPHA_A", "NOBODY"])
            ),
            7 | 8 => format!("config printvalue {}", all[rng.below(all.len())]),
            9 => format!(
                "config patches show {}",
                rng.pick(&["point-a", "point-b", "last", "nobody"])
            ),
            10 => rng
                .pick(&["plugins list", "plugins list -e", "config patches list"])
                .to_owned(),
            _ => format!(
                "plugins disable {}",
                rng.pick(&["alpha", "beta", "all", "nobody"])
            ),
        };
        let _ = writeln!(text, "{line}\n    same status");
        if line.starts_with("plugins") {
            text.push_str("    ours may work: these commands are there to repair\n");
        }
    }
    text.push_str("config save\n    same status\n");
}

fn shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
