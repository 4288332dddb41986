//! Functions of plugins: which are called again after an edit, and which are not.

use std::sync::Arc;

use engine::commands::{Engine, SaveRequest};
use engine::profile::{Profile, Work};
use engine::system::OsSystem;

use crate::snake::{metadata, python};
use crate::world::{TestSystem, World};

/// A package that others add to: two filters of its own, and functions that apply them.
const MAKER: &str = "
from tutor import hooks
from tutor.core.hooks import Filter
FIRST, SECOND = Filter(), Filter()
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_items([
    ('first', lambda: ' '.join(FIRST.iterate())),
    ('second', lambda: ' '.join(SECOND.iterate())),
])
";

fn adder(filter: &str, item: &str) -> String {
    format!("from tutormaker.plugin import {filter}\n{filter}.add_item('{item}')\n")
}

/// Saves; answers the calls that were made.
fn save(world: &World, system: &Arc<TestSystem>) -> Vec<String> {
    let mut options = world.options("root", false);
    let profile = Profile::begin(Arc::new(OsSystem));
    options.profile = Some(profile.clone());
    let mut engine = Engine::new(system.clone(), options);
    let answer = engine.save(&SaveRequest::default(), &mut |_| ());
    let (_, remarks) = answer.unwrap();
    assert!(remarks.is_empty(), "{remarks:#?}");
    let calls = profile.all().into_iter();
    let mut names: Vec<_> = calls
        .filter(|span| span.work == Work::Call)
        .map(|span| span.name.to_string())
        .collect();
    names.sort();
    names
}

#[test]
fn an_edited_plugin_calls_again_only_what_applies_a_filter_that_it_adds_to() {
    let Some(python) = python() else {
        return;
    };
    let world = World::new();
    let system = Arc::new(TestSystem::default());
    system.set_variable("TUTOR_PYTHON", Some(&python));
    system.set_variable("PYTHONPATH", world.path("site").to_str());
    metadata(
        &world,
        "tutor_maker",
        "1.0",
        "[tutor.plugin.v1]\nmaker = tutormaker.plugin\n",
    );
    world.write(
        "site/tutor_maker-1.0.dist-info/top_level.txt",
        "tutormaker\n",
    );
    world.write("site/tutormaker/__init__.py", "");
    world.write("site/tutormaker/plugin.py", MAKER);
    world.write("plugins/one.py", adder("FIRST", "one"));
    world.write("plugins/two.py", adder("SECOND", "two"));
    world.write("templates/apps/first", "{{ first() }}");
    world.write("templates/apps/second", "{{ second() }}");
    world.write("root/config.yml", "PLUGINS: [maker, one, two]\n");
    assert_eq!(save(&world, &system), ["'first'", "'second'"]);
    world.write("plugins/one.py", adder("FIRST", "uno"));
    assert_eq!(save(&world, &system), ["'first'"]);
    world.write("plugins/one.py", adder("SECOND", "uno"));
    assert_eq!(save(&world, &system), ["'first'", "'second'"]);
    world.write(
        "plugins/two.py",
        format!("# a remark\n{}", adder("SECOND", "two")),
    );
    assert!(!save(&world, &system).contains(&String::from("'first'")));
    assert_eq!(world.text("root/env/apps/second"), "uno two");
}
