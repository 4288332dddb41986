//! All or nothing.

use std::io::ErrorKind;

use engine::cache::Kept;
use engine::commands::{Engine, SaveRequest, is_overtaken};
use engine::config::Edit;
use engine::diagnostics::Diagnostics;
use engine::inputs::Changes;
use values::Value;

use crate::project::Project;

/// Everything but what we keep for ourselves.
fn files(project: &Project) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    project
        .system
        .files()
        .into_iter()
        .filter(|(path, _)| !path.starts_with("/root/.tutor"))
        .collect()
}

#[test]
fn a_template_that_fails_leaves_everything_as_it_was() {
    let mut project = Project::new();
    project.save().unwrap();
    project.edit("/templates/apps/direct", "{{ NO_SUCH_SETTING }}");
    let before = files(&project);
    let request = SaveRequest {
        edits: vec![Edit::Set("HOST".into(), Value::str("new"))],
        ..SaveRequest::default()
    };
    let problems = project.session.save(&request, &mut |_| ()).unwrap_err();
    assert_eq!(problems.iter().next().unwrap().code, "undefined-variable");
    assert_eq!(files(&project), before);
    // And the graph does not believe that it was saved.
    project.edit("/templates/apps/direct", "{{ HOST }}");
    project.save().unwrap();
    assert_eq!(
        project.system.text("/root/env/apps/direct").unwrap(),
        "example.com"
    );
}

#[test]
fn problems_in_several_files_are_all_reported() {
    let mut project = Project::new();
    project.edit("/templates/apps/direct", "{{ NO_SUCH_SETTING }}");
    project.edit("/templates/apps/indirect", "{% if %}");
    let problems = project.save().unwrap_err();
    let codes: Vec<_> = problems.iter().map(|problem| &*problem.code).collect();
    assert_eq!(codes, ["undefined-variable", "template-syntax"]);
}

#[test]
fn a_file_that_cannot_be_written_leaves_everything_as_it_was() {
    for failing in [
        "/root/env/apps/indirect",
        "/root/env/version",
        "/root/config.yml",
        "/root/.tutor/manifest.json",
    ] {
        let mut project = Project::new();
        project.save().unwrap();
        project.edit("/templates/apps/direct", "changed");
        project.edit("/templates/apps/indirect", "changed");
        project.edit("/templates/version", "changed");
        project.edit("/templates/apps/new/file", "new");
        project.add_to_config("ADDED: \"{{ HOST is defined }}\"");
        let before = files(&project);
        project.system.fail_writes(failing, ErrorKind::StorageFull);
        let problems = project.save().unwrap_err();
        assert_eq!(
            problems.iter().next().unwrap().code,
            "cannot-write",
            "{failing}"
        );
        assert_eq!(files(&project), before, "{failing}");
    }
}

#[test]
fn a_first_save_that_fails_leaves_nothing_behind() {
    let mut project = Project::new();
    project.edit("/templates/apps/direct", "{{ NO_SUCH_SETTING }}");
    project.save().unwrap_err();
    assert!(
        project
            .system
            .files()
            .keys()
            .all(|path| !path.starts_with("/root"))
    );
}

#[test]
fn a_file_edited_by_hand_is_named_when_it_is_overwritten() {
    let mut project = Project::new();
    project.save().unwrap();
    project.system.put("/root/env/apps/direct", "edited");
    let (saved, remarks) = project.save().unwrap();
    assert_eq!(
        saved.report.written,
        [std::path::PathBuf::from("/root/env/apps/direct")]
    );
    let remark = remarks
        .iter()
        .find(|remark| remark.code == "edited-by-hand")
        .unwrap();
    assert_eq!(
        remark.place.as_ref().unwrap().origin,
        "/root/env/apps/direct"
    );
}

#[test]
fn a_stale_file_edited_by_hand_stays() {
    let mut project = Project::new();
    project.save().unwrap();
    project.system.put("/root/env/apps/direct", "edited");
    project.remove("/templates/apps/direct");
    let (saved, remarks) = project.save().unwrap();
    assert!(saved.report.removed.is_empty());
    assert!(remarks.iter().any(|remark| remark.code == "edited-by-hand"));
    assert_eq!(
        project.system.text("/root/env/apps/direct").unwrap(),
        "edited"
    );
}

#[test]
fn a_half_written_file_of_an_interrupted_save_is_repaired_without_a_word_about_edits() {
    let mut project = Project::new();
    project.save().unwrap();
    project.system.put("/root/env/apps/direct", "ho");
    project
        .system
        .put("/root/.tutor/journal.json", "{\"files\":[\"apps/direct\"]}");
    let (_, remarks) = project.save().unwrap();
    assert!(
        remarks.iter().all(|remark| remark.code != "edited-by-hand"),
        "{remarks:?}"
    );
    assert_eq!(
        project.system.text("/root/env/apps/direct").unwrap(),
        "host example.com"
    );
    assert_eq!(
        project.system.text("/root/.tutor/journal.json").as_deref(),
        Some("")
    );
}

#[test]
fn random_values_in_templates_and_patches_are_the_same_at_every_save_of_one_root_and_differ_between_roots()
 {
    let mut project = Project::new();
    project.system.put("/root/config.yml", "PLUGINS: [p]\n");
    project.system.put(
        "/plugins/p.yml",
        "name: p\npatches: {greeting: \"{{ 8|random_string }} {{ 8|random_string }}\"}\n",
    );
    project.edit("/templates/apps/random", "{{ 8|random_string }}");
    project.save().unwrap();
    let read = |project: &Project| {
        ["/root/env/apps/random", "/root/env/apps/patched"]
            .map(|path| project.system.text(path).unwrap())
    };
    let first = read(&project);
    project.reopen();
    project.save().unwrap();
    assert_eq!(read(&project), first);
    let patch = first[1].lines().nth(1).unwrap();
    assert_ne!(patch[..8], patch[9..], "two draws in one place differ");

    project.system.take("/root/.tutor/secret");
    project.reopen();
    project.save().unwrap();
    let second = read(&project);
    assert_ne!(second[0], first[0]);
    assert_ne!(second[1], first[1]);
}

#[test]
fn a_clean_save_that_fails_keeps_the_old_environment() {
    let mut project = Project::new();
    project.save().unwrap();
    project.system.put("/root/env/mine", "mine");
    let before = files(&project);
    project.edit("/templates/version", "changed");
    let request = SaveRequest {
        clean: true,
        ..SaveRequest::default()
    };
    project
        .system
        .fail_writes("/root/env/version", ErrorKind::StorageFull);
    project.session.save(&request, &mut |_| ()).unwrap_err();
    let unchanged = |files: Vec<(std::path::PathBuf, Vec<u8>)>| {
        files
            .into_iter()
            .filter(|(path, _)| path.starts_with("/root"))
            .collect::<Vec<_>>()
    };
    assert_eq!(unchanged(files(&project)), unchanged(before));
}

#[test]
fn a_user_secret_never_appears_in_a_message() {
    let secret = "hunter2-very-secret";
    let broken = [
        format!("PASSWORD: {secret}\nBROKEN: [\n"),
        format!("PASSWORD: \"{secret}\nOTHER: x\n"),
        format!("PASSWORD: \"{{{{ '{secret}' + 1 }}}}\"\n"),
        format!("PASSWORD: \"{{{{ {{'a': 1}}['{secret}'] }}}}\"\n"),
        format!("PASSWORD: !{secret} x\n"),
        format!("? [{secret}]\n: x\n"),
        format!("- {secret}\n"),
        format!("PLUGINS: {secret}\n"),
        format!("PASSWORD: *{secret}\n"),
    ];
    for config in broken {
        let mut project = Project::new();
        project.system.put("/root/config.yml", &config);
        let problems = project.save().unwrap_err();
        assert!(
            !format!("{problems:?}").contains(secret),
            "{config}\n{problems:#?}"
        );
    }
}

/// A watch's session, after its first save.
fn watching(project: &Project) -> Engine {
    let options = crate::project::options(&project.system, false);
    let mut engine = Engine::new(project.system.clone(), options);
    engine.session().defer();
    engine
        .session()
        .save(&SaveRequest::default(), &mut |_| ())
        .unwrap();
    engine
}

fn save_without_looking(engine: &mut Engine) -> Result<(), Diagnostics> {
    let nothing = Changes::Paths(Vec::new());
    let session = engine.session();
    session
        .save_after(
            &SaveRequest::default(),
            nothing,
            Kept::default(),
            &mut |_| (),
        )
        .map(|_| ())
}

#[test]
fn a_configuration_that_somebody_is_writing_is_not_overwritten() {
    let project = Project::new();
    let mut engine = watching(&project);
    // The graph knows of one change, which would be written back in another order; on disk there is the next one.
    let config = project.system.text("/root/config.yml").unwrap();
    project
        .system
        .put("/root/config.yml", format!("ZED: 1\nABC: 2\n{config}"));
    let path = vec!["/root/config.yml".into()];
    engine.session().database().apply(&Changes::Paths(path));
    project.system.put("/root/config.yml", "half-writ");
    let problems = save_without_looking(&mut engine).unwrap_err();
    assert!(is_overtaken(&problems), "{problems:?}");
    assert_eq!(
        project.system.text("/root/config.yml").unwrap(),
        "half-writ"
    );
    assert!(engine.session().take_missed());
}

#[test]
fn a_save_that_changes_no_setting_leaves_a_changed_configuration_alone() {
    let project = Project::new();
    let mut engine = watching(&project);
    project.system.put("/root/config.yml", "half-writ");
    save_without_looking(&mut engine).unwrap();
    assert_eq!(
        project.system.text("/root/config.yml").unwrap(),
        "half-writ"
    );
    // What it has seen is not remembered as if it had been saved.
    engine.session().remember_deferred();
    assert!(engine.session().take_missed());
    assert_eq!(project.system.text("/root/.tutor/cache/trace"), None);
}

#[test]
fn a_folder_takes_the_place_of_a_file_and_a_file_that_of_a_folder() {
    let mut project = Project::new();
    project.save().unwrap();
    let text =
        |project: &Project, path: &str| project.system.text(format!("/root/env/apps/{path}"));
    project.remove("/templates/apps/direct");
    project.edit("/templates/apps/direct/below", "below");
    project.save().unwrap();
    assert_eq!(text(&project, "direct/below").as_deref(), Some("below"));
    project.remove("/templates/apps/direct/below");
    project.system.take_folder("/templates/apps/direct");
    project.edit("/templates/apps/direct", "a file again");
    project.save().unwrap();
    assert_eq!(text(&project, "direct").as_deref(), Some("a file again"));
    // And if that cannot be done, all is as it was.
    project.remove("/templates/apps/direct");
    project.edit("/templates/apps/direct/below", "below");
    project
        .system
        .fail_writes("/root/env/apps/direct/below", ErrorKind::StorageFull);
    project.save().unwrap_err();
    assert_eq!(text(&project, "direct").as_deref(), Some("a file again"));
}
