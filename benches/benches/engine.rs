//! The engine alone, in memory: no processes, no disk.

#![allow(clippy::unwrap_used, reason = "a benchmark that fails may panic")]
#![allow(
    missing_docs,
    reason = "criterion makes functions without documentation"
)]

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use engine::commands::{Options, SaveRequest, Session};
use engine::inputs::Changes;
use engine::system::MemorySystem;
use tests::plugins_gen::{plugin_name, plugin_text};

/// A saved project with `count` generated plugins, on the built-in templates.
fn project(count: usize) -> (Arc<MemorySystem>, Session) {
    let system = Arc::new(MemorySystem::new());
    let names: Vec<_> = (0..count).map(plugin_name).collect();
    for (index, name) in names.iter().enumerate() {
        system.put(format!("/plugins/{name}.yml"), plugin_text(index));
    }
    system.put(
        "/root/config.yml",
        format!("PLUGINS: [{}]\nLANGUAGE_CODE: en\n", names.join(", ")),
    );
    let mut session = open(&system);
    save(&mut session);
    (system, session)
}

fn open(system: &Arc<MemorySystem>) -> Session {
    let options = Options {
        root: "/root".into(),
        plugins_root: "/plugins".into(),
        templates_root: None,
        strict: false,
        no_cache: true,
        progress: Arc::default(),
        profile: None,
    };
    Session::open(system.clone(), options)
}

fn save(session: &mut Session) {
    session.save(&SaveRequest::default(), &mut |_| ()).unwrap();
}

fn saves(criterion: &mut Criterion) {
    for count in [0, 100, 1000] {
        let (system, mut session) = project(count);
        criterion.bench_function(&format!("cold save, {count} plugins"), |bencher| {
            bencher.iter(|| save(&mut open(&system)));
        });
        criterion.bench_function(
            &format!("save, nothing changed, {count} plugins"),
            |bencher| {
                bencher.iter(|| save(&mut session));
            },
        );
        let config = system.text("/root/config.yml").unwrap();
        let mut turn = false;
        criterion.bench_function(
            &format!("save, one setting changed, {count} plugins"),
            |bencher| {
                bencher.iter(|| {
                    turn = !turn;
                    let language = if turn { "fr" } else { "en" };
                    system.put(
                        "/root/config.yml",
                        config.replace("LANGUAGE_CODE: en", &format!("LANGUAGE_CODE: {language}")),
                    );
                    session
                        .database()
                        .apply(&Changes::Paths(vec!["/root/config.yml".into()]));
                    save(&mut session);
                });
            },
        );
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = saves
}
criterion_main!(benches);
