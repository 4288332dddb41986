//! The examples of the document that this product began with (`plugin-api-v0.txt`), written out: as a package, and as
//! far as a file can say it, as a file.

use tests::packages::Package;

use super::snake::Snake;
use crate::house::{House, assert_same_bytes};

/// Its examples in one module.
const MODULE: &str = "\
import os
import click
from tutor import config as tutor_config

config = {
    \"add\": {
        \"SECRET_KEY\": \"{{ 8|random_string }}\"
    },
    \"defaults\": {
        \"DOCKER_IMAGE\": \"username/imagename:latest\",
    },
    \"set\": {
        \"MASTER_PASSWORD\": \"h4cked\",
    },
}

patches = {
    \"local-docker-compose-services\": \"\"\"redis:
image: redis:latest\"\"\"
}

hooks = {
    \"init\": [\"myservice1\", \"myservice2\"],
    \"pre-init\": [\"myservice1\"],
    \"build-image\": {\"myimage\": \"myimage:latest\"},
    \"remote-image\": {\"myimage\": \"myimage:latest\"},
}

templates = os.path.join(os.path.abspath(os.path.dirname(__file__)), \"templates\")

@click.command(help=\"I'm a plugin command\")
@click.pass_obj
def command(context):
    config = tutor_config.load(context.root)
    lms_host = config[\"LMS_HOST\"]
    click.echo(\"Hello from myplugin!\")
    click.echo(f\"My LMS host is {lms_host}\")
";

/// The second example of a command.
const GROUP: &str = "\
import click

@click.group(help=\"I'm a plugin command group\")
def command():
    pass

@command.command(help=\"I'm a plugin subcommand\")
def dosomething():
    click.echo(\"This subcommand is awesome\")
";

const FILE: &str = "\
-- plugins/myplugin.yml --
name: myplugin
version: \"1.0\"
config:
  add:
    SECRET_KEY: \"{{ 8|random_string }}\"
  defaults:
    DOCKER_IMAGE: \"username/imagename:latest\"
  set:
    MASTER_PASSWORD: \"h4cked\"
patches:
  local-docker-compose-services: |-
    redis:
    image: redis:latest
hooks:
  init: [myservice1, myservice2]
  pre-init: [myservice1]
  build-image:
    myimage: myimage:latest
  remote-image:
    myimage: myimage:latest
templates: \"@world@/host/tpl\"
";

/// Templates by path, for both.
const TEMPLATES: [(&str, &str); 5] = [
    (
        "myplugin/hooks/myservice1/init",
        "echo {{ MYPLUGIN_SECRET_KEY }}",
    ),
    ("myplugin/hooks/myservice1/pre-init", "echo before"),
    (
        "myplugin/hooks/myservice2/init",
        "echo {{ MASTER_PASSWORD }}",
    ),
    (
        "myplugin/build/myimage/Dockerfile",
        "FROM {{ MYPLUGIN_DOCKER_IMAGE }}",
    ),
    (
        "myplugin/apps/settings.txt",
        "{% for file in 'myplugin/build'|walk_templates %}{{ file }}\n{% endfor %}{{ 'a.x.io'|common_domain('b.x.io') \
         }} {{ 'myopenedx.com'|reverse_host }} {{ [('a', true), ('b', false)]|list_if }}",
    ),
];

/// What would be drawn at random, and a template that has the patch.
const SETTINGS: &str = "-- config.yml --\n@secrets@\nMYPLUGIN_SECRET_KEY: abcdefgh\nPLUGINS: [myplugin]\n\
                        -- templates/local/docker-compose.yml --\n{{ patch('local-docker-compose-services') }}\n";

fn package() -> Snake {
    let snake = Snake::with(&["myplugin"], SETTINGS);
    let mut package = Package::new("myplugin", MODULE);
    for (path, text) in TEMPLATES {
        package = package.file(&format!("myplugin/templates/{path}"), text);
    }
    snake.add(&package);
    snake.saves_well();
    snake
}

#[test]
fn the_examples_as_a_package_and_as_a_file_render_the_same_bytes() {
    let package = package();
    let mut sections = format!("{SETTINGS}{FILE}-- expect --\nbare templates\n");
    for (path, text) in TEMPLATES {
        sections.push_str(&format!("-- host/tpl/{path} --\n{text}\n"));
    }
    sections.push_str("-- templates/apps/core.txt --\ncore {{ LMS_HOST }} {{ patch('spot') }}\n");
    let file = House::new(&sections);
    file.save(&[]);
    assert_same_bytes(&file.root(), &package.root());
}

#[test]
fn the_settings_are_those_that_the_document_names() {
    let snake = package();
    assert_eq!(snake.value("MYPLUGIN_SECRET_KEY"), "abcdefgh");
    assert_eq!(
        snake.value("MYPLUGIN_DOCKER_IMAGE"),
        "username/imagename:latest"
    );
    assert_eq!(snake.value("MASTER_PASSWORD"), "h4cked");
    assert_eq!(
        snake.read("root/env/local/docker-compose.yml"),
        "redis:\nimage: redis:latest"
    );
    assert_eq!(
        snake
            .read("root/env/plugins/myplugin/build/myimage/Dockerfile")
            .trim_end(),
        "FROM username/imagename:latest"
    );
    assert!(!snake.path("root/env/plugins/myplugin/hooks").exists());
    snake.works(&["config", "save", "-U", "MYPLUGIN_SECRET_KEY"]);
    let drawn = snake.value("MYPLUGIN_SECRET_KEY");
    assert_eq!(drawn.len(), 8);
    assert!(drawn.bytes().all(|b| b.is_ascii_alphanumeric()), "{drawn}");
}

#[test]
fn the_command_says_hello() {
    let snake = package();
    assert_eq!(
        snake.works(&["myplugin"]).stdout,
        "Hello from myplugin!\nMy LMS host is local.openedx.io\n"
    );
    let help = snake.without_python(&["--help"]).stdout;
    assert!(help.contains("I'm a plugin command"), "{help}");
}

#[test]
fn the_group_of_commands_lists_and_runs_its_subcommand() {
    let snake = Snake::of("myplugin", GROUP);
    snake.saves_well();
    let answer = snake.tutor(&["myplugin"]);
    let said = format!("{}{}", answer.stdout, answer.stderr);
    for told in [
        "Usage: tutor myplugin [OPTIONS] COMMAND [ARGS]...",
        "I'm a plugin command group",
        "dosomething",
        "I'm a plugin subcommand",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(
        snake.works(&["myplugin", "dosomething"]).stdout,
        "This subcommand is awesome\n"
    );
}
