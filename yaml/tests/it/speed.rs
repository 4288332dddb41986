//! How long reading and writing take: `cargo test --release -p yaml -- --ignored --nocapture`.

use std::fmt::Write;
use std::time::Instant;

fn plugin(i: usize) -> String {
    let mut text = format!(
        "name: plugin{i}\nversion: 1.0.{i}\nconfig:\n  add:\n    SECRET: \"{{{{ 8|random_string }}}}\"\n"
    );
    text += "  defaults:\n";
    for k in 0..5 {
        let _ = writeln!(
            text,
            "    SETTING_{k}: \"value {k} of {{{{ LMS_HOST }}}}\"\n    NUMBER_{k}: {k}"
        );
    }
    text += "patches:\n  openedx-common-settings: |\n    # comment\n    FEATURES['x'] = True\n";
    text
}

#[test]
#[ignore = "measures; run it in release mode"]
fn a_thousand_plugins_and_a_large_configuration() {
    let plugins: Vec<_> = (0..1000).map(plugin).collect();
    let mut config = String::new();
    for i in 0..3000 {
        let _ = writeln!(
            config,
            "PLUGIN{i}_SETTING: 'value {i}, long enough to be one'"
        );
    }
    let value = yaml::load(&config).unwrap();
    let best = |what: &str, work: &dyn Fn()| {
        let times = (0..30).map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        });
        println!("{what}: {:?}", times.min().unwrap_or_default());
    };
    best("1,000 plugins", &|| {
        for text in &plugins {
            drop(yaml::load(text).unwrap());
        }
    });
    best("1,000 plugins with places", &|| {
        for text in &plugins {
            drop(yaml::load_document(text).unwrap());
        }
    });
    best("3,000 keys", &|| drop(yaml::load(&config).unwrap()));
    best("3,000 keys written", &|| drop(yaml::dump(&value).unwrap()));
}
