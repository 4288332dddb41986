//! What runs again, and what does not. The names of the tests are the promises.

use crate::project::Project;

/// Renders of templates, of patches, of settings.
const RENDERS: [&str; 3] = ["rendered", "rendered_patch", "render_setting"];

/// A saved project with the plugin `hello`.
fn saved() -> Project {
    let mut project = Project::new();
    project.system.put("/root/config.yml", "PLUGINS: [hello]\n");
    project.system.put(
        "/plugins/hello.yml",
        "name: hello\nconfig:\n  defaults: {NAME: world}\npatches:\n  greeting: hello {{ HELLO_NAME }}\n",
    );
    // The first save draws settings and writes them down; the second one finds them written.
    project.save().unwrap();
    project.save().unwrap();
    project
}

#[test]
fn a_first_save_renders_everything_once() {
    let mut project = Project::new();
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches), (5, 0));
    assert_eq!(written.len(), 5);
}

#[test]
fn a_save_without_changes_renders_and_writes_nothing() {
    let mut project = saved();
    assert_eq!(project.save_counting(RENDERS), ([0, 0, 0], vec![]));
}

#[test]
fn saving_twice_in_two_processes_writes_nothing_the_second_time() {
    let mut project = saved();
    project.reopen();
    project.system.take_written();
    let (_, written) = project.save_counting(RENDERS);
    assert_eq!(written, Vec::<String>::new());
    assert_eq!(
        project.system.take_written(),
        Vec::<std::path::PathBuf>::new()
    );
}

#[test]
fn a_comment_in_the_configuration_renders_nothing() {
    let mut project = saved();
    let config = project.system.text("/root/config.yml").unwrap();
    project.edit("/root/config.yml", &format!("# a remark\n{config}"));
    assert_eq!(project.save_counting(RENDERS), ([0, 0, 0], vec![]));
}

#[test]
fn a_comment_in_a_plugin_renders_nothing() {
    let mut project = saved();
    let plugin = project.system.text("/plugins/hello.yml").unwrap();
    project.edit(
        "/plugins/hello.yml",
        &format!("# a remark\n\n{plugin}# another\n"),
    );
    assert_eq!(project.save_counting(RENDERS), ([0, 0, 0], vec![]));
}

#[test]
fn an_unrelated_setting_renders_no_template() {
    let mut project = saved();
    project.add_to_config("AAA_FIRST: 1");
    project.add_to_config("ZZZ_LAST: 2");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches, written), (0, 0, vec![]));
}

#[test]
fn a_changed_default_that_nobody_reads_renders_no_template() {
    let mut project = saved();
    project.add_to_config("UNUSED: changed");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches, written), (0, 0, vec![]));
}

#[test]
fn a_changed_setting_renders_only_the_templates_that_read_it_directly_or_through_a_setting() {
    let mut project = saved();
    project.add_to_config("HOST: changed.example.com");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches), (2, 0));
    assert_eq!(written, ["apps/direct", "apps/indirect"]);
}

#[test]
fn a_changed_setting_renders_the_template_that_reads_it_through_a_patch() {
    let mut project = saved();
    project.add_to_config("HELLO_NAME: moon");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches), (1, 1));
    assert_eq!(written, ["apps/patched"]);
}

#[test]
fn a_changed_setting_renders_the_template_that_reads_it_through_an_include() {
    let mut project = saved();
    project.add_to_config("OTHER: changed");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches), (1, 0));
    assert_eq!(written, ["apps/including"]);
}

#[test]
fn a_setting_set_to_the_value_that_it_had_renders_nothing() {
    let mut project = saved();
    project.add_to_config("HOST: example.com");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches, written), (0, 0, vec![]));
}

#[test]
fn a_new_plugin_renders_only_the_files_whose_patches_it_fills() {
    let mut project = saved();
    project.edit(
        "/plugins/again.yml",
        "name: again\npatches:\n  greeting: hello again\n  elsewhere: unseen\n",
    );
    let config = project.system.text("/root/config.yml").unwrap();
    project.edit(
        "/root/config.yml",
        &config.replace("- hello", "- hello\n- again"),
    );
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    // The text of the patch that was there already is not rendered again.
    assert_eq!((templates, patches), (1, 1));
    assert_eq!(written, ["apps/patched"]);
    let text = project.system.text("/root/env/apps/patched").unwrap();
    assert_eq!(text, "before\nhello again\nhello world\nafter");
}

#[test]
fn a_plugin_that_is_not_enabled_renders_nothing() {
    let mut project = saved();
    project.edit(
        "/plugins/idle.yml",
        "name: idle\npatches:\n  greeting: unseen\n",
    );
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches, written), (0, 0, vec![]));
}

#[test]
fn a_changed_template_renders_only_itself() {
    let mut project = saved();
    project.edit("/templates/apps/direct", "the host is {{ HOST }}");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches), (1, 0));
    assert_eq!(written, ["apps/direct"]);
}

#[test]
fn a_changed_partial_renders_only_what_includes_it() {
    let mut project = saved();
    project.edit("/templates/apps/partials/part", "changed {{ OTHER }}");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches), (1, 0));
    assert_eq!(written, ["apps/including"]);
}

#[test]
fn a_new_template_renders_only_itself() {
    let mut project = saved();
    project.edit("/templates/apps/new", "new");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches), (1, 0));
    assert_eq!(written, ["apps/new"]);
}

#[test]
fn a_template_that_is_gone_is_removed_from_the_environment_and_renders_nothing() {
    let mut project = saved();
    project.remove("/templates/apps/direct");
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches, written), (0, 0, vec![]));
    assert_eq!(project.system.text("/root/env/apps/direct"), None);
}

#[test]
fn what_iterates_over_settings_depends_on_the_names_that_match() {
    let mut project = saved();
    project.edit(
        "/templates/apps/iterating",
        "{% for value in iter_values_named(prefix='LIST_') %}{{ value }};{% endfor %}",
    );
    project.save().unwrap();
    project.add_to_config("NOT_IN_LIST: 1");
    let ([templates, _, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, written), (0, vec![]));
    project.add_to_config("LIST_ITEM: one");
    let ([templates, _, _], written) = project.save_counting(RENDERS);
    assert_eq!(
        (templates, written),
        (1, vec![String::from("apps/iterating")])
    );
}

#[test]
fn what_lists_templates_depends_on_the_names_below_that_folder() {
    let mut project = saved();
    project.edit(
        "/templates/apps/listing",
        "{% for name in 'apps/list/'|walk_templates %}{{ name }};{% endfor %}",
    );
    project.save().unwrap();
    project.edit("/templates/apps/elsewhere", "");
    let ([templates, _, _], written) = project.save_counting(RENDERS);
    assert_eq!(
        (templates, written),
        (1, vec![String::from("apps/elsewhere")])
    );
    project.edit("/templates/apps/list/item", "");
    let ([templates, _, _], written) = project.save_counting(RENDERS);
    assert_eq!(
        (templates, written),
        (
            2,
            vec![String::from("apps/list/item"), String::from("apps/listing")]
        )
    );
}

#[test]
fn an_environment_variable_renders_only_what_reads_the_setting() {
    let mut project = saved();
    project
        .system
        .set_variable("TUTOR_HOST", Some("from.the.environment"));
    project
        .session
        .database()
        .apply(&engine::inputs::Changes::Rescan);
    let ([templates, patches, _], written) = project.save_counting(RENDERS);
    assert_eq!((templates, patches), (2, 0));
    assert_eq!(written, ["apps/direct", "apps/indirect"]);
}

#[test]
fn a_rescan_that_finds_everything_as_it_was_runs_no_query() {
    let mut project = saved();
    project
        .session
        .database()
        .apply(&engine::inputs::Changes::Rescan);
    project.session.database().start_log();
    project.save().unwrap();
    assert_eq!(project.session.database().take_log(), Vec::<String>::new());
}

#[test]
fn a_patch_that_includes_itself_is_an_error_that_names_it() {
    let mut project = saved();
    project.edit(
        "/plugins/hello.yml",
        "name: hello\npatches:\n  greeting: a {{ patch('second') }}\n  second: b {{ patch('greeting') }}\n",
    );
    let problems = project.save().unwrap_err();
    let messages: Vec<_> = problems
        .iter()
        .map(|problem| problem.message.clone())
        .collect();
    assert!(
        messages
            .iter()
            .any(|message| message.contains("includes itself")),
        "{messages:?}"
    );
}

#[test]
fn many_plugins_that_refer_to_each_other_in_a_chain_need_no_deep_stack() {
    let mut project = Project::new();
    let mut names = Vec::new();
    for number in 0..1500 {
        let before = if number == 0 {
            "HOST".to_owned()
        } else {
            format!("P{:04}_LINK", number - 1)
        };
        let name = format!("p{number:04}");
        project.system.put(
            format!("/plugins/{name}.yml"),
            format!("name: {name}\nconfig:\n  defaults:\n    LINK: \"{{{{ {before} }}}}\"\n"),
        );
        names.push(name);
    }
    project.system.put(
        "/root/config.yml",
        format!("PLUGINS: [{}]\n", names.join(", ")),
    );
    project
        .system
        .put("/templates/apps/last", "{{ P1499_LINK }}");
    project.save().unwrap();
    assert_eq!(
        project.system.text("/root/env/apps/last").unwrap(),
        "example.com"
    );
    // And again after a change at the far end of the chain.
    project.add_to_config("HOST: changed");
    project.save().unwrap();
    assert_eq!(
        project.system.text("/root/env/apps/last").unwrap(),
        "changed"
    );
}
