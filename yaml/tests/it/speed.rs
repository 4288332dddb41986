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
    for _ in 0..5 {
        let start = Instant::now();
        plugins
            .iter()
            .for_each(|text| drop(yaml::load(text).unwrap()));
        let load = start.elapsed();
        plugins
            .iter()
            .for_each(|text| drop(yaml::load_document(text).unwrap()));
        let places = start.elapsed() - load;
        let start = Instant::now();
        yaml::load(&config).unwrap();
        let one = start.elapsed();
        let start = Instant::now();
        yaml::dump(&value).unwrap();
        println!(
            "1000 plugins {load:?}, with places {places:?}; 3000 keys read {one:?}, written {:?}",
            start.elapsed()
        );
    }
}
