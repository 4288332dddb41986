//! Generates sets of YAML plugins: the same for the same count, each a little
//! different, with settings of all kinds, references to other plugins, and
//! patches to several places; and of plugins that bring template files. Tests
//! and benches share it.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Writes `count` plugins into `folder` and returns their names in order.
pub fn generate_plugins(folder: &Path, count: usize) -> io::Result<Vec<String>> {
    fs::create_dir_all(folder)?;
    (0..count)
        .map(|index| {
            let name = plugin_name(index);
            fs::write(folder.join(format!("{name}.yml")), plugin_text(index))?;
            Ok(name)
        })
        .collect()
}

/// Writes `count` template files into `folder`, spread over several plugins
/// that each have a template root of their own, and returns the plugins' names
/// in order. Every file reads two settings of its plugin, the first one three.
pub fn generate_templates(folder: &Path, count: usize) -> io::Result<Vec<String>> {
    fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    let plugins = count
        .div_ceil(FILES_A_PLUGIN)
        .max(count.min(FEWEST_PLUGINS));
    let names: Vec<String> = (0..plugins).map(template_plugin_name).collect();
    for (index, name) in names.iter().enumerate() {
        let root = folder.join("templates").join(name);
        let apps = root.join(name).join("apps");
        fs::create_dir_all(&apps)?;
        let text = template_plugin_text(index, &root);
        fs::write(folder.join(format!("{name}.yml")), text)?;
        for number in (index..count).step_by(plugins) {
            let text = template_text(index, number, number == index);
            fs::write(apps.join(format!("file{number:04}.conf")), text)?;
        }
    }
    Ok(names)
}

/// So many template files a plugin, if there are many.
const FILES_A_PLUGIN: usize = 100;
/// So many plugins to spread them over, if there are few.
const FEWEST_PLUGINS: usize = 4;

/// The name of the plugin with template files that has this number.
pub fn template_plugin_name(index: usize) -> String {
    format!("files{index:04}")
}

/// A setting that only one of the files of [`generate_templates`] reads.
pub fn setting_of_one_template() -> String {
    format!("{}_TITLE", template_plugin_name(0).to_uppercase())
}

fn template_plugin_text(index: usize, root: &Path) -> String {
    let name = template_plugin_name(index);
    format!(
        "name: {name}
version: 1.{index}.0
templates: \"{root}\"
config:
  defaults:
    HOST: \"{name}.{{{{ LMS_HOST }}}}\"
    PORT: {port}
    TITLE: \"The files of {name}\"
",
        root = root.display(),
        port = 20_000 + index,
    )
}

fn template_text(index: usize, number: usize, first: bool) -> String {
    let key = template_plugin_name(index).to_uppercase();
    let mut text = format!("# file {number}\n");
    if first {
        let _ = writeln!(text, "# {{{{ {key}_TITLE }}}}");
    }
    let _ = write!(
        text,
        "server {{
    listen {{{{ {key}_PORT }}}};
    server_name {{{{ {key}_HOST }}}} www{number}.{{{{ {key}_HOST }}}};
    location /{number} {{
        proxy_pass http://backend{number}:{{{{ {key}_PORT }}}};
    }}
}}
"
    );
    text
}

/// The name of the plugin with this number.
pub fn plugin_name(index: usize) -> String {
    format!("gen{index:04}")
}

/// The text of the plugin with this number.
pub fn plugin_text(index: usize) -> String {
    let name = plugin_name(index);
    let key = name.to_uppercase();
    let mut text = String::new();
    let _ = write!(
        text,
        "name: {name}
version: 1.{index}.0
# plugin number {index}
config:
  add:
    TOKEN: token-{index}
    LABEL: \"{{{{ ID }}}}-{index}\"
  defaults:
    HOST: \"{name}.{{{{ LMS_HOST }}}}\"
    PORT: {port}
    ENABLED: {enabled}
    IMAGE: \"{{{{ DOCKER_REGISTRY }}}}example/{name}:{{{{ TUTOR_VERSION }}}}\"
",
        port = 8000 + index,
        enabled = if index.is_multiple_of(3) {
            "false"
        } else {
            "true"
        },
    );
    if index % 4 == 1 {
        let _ = write!(
            text,
            "    NAMES:
    - \"{{{{ {key}_HOST }}}}\"
    - plain
    LIMITS:
      cpu: {index}
      memory: \"{index}m\"
"
        );
    }
    if let Some(before) = index.checked_sub(1) {
        let other = plugin_name(before).to_uppercase();
        let _ = writeln!(
            text,
            "    UPSTREAM: \"http://{{{{ {other}_HOST }}}}:{{{{ {other}_PORT }}}}\""
        );
    }
    if index % 5 == 2 {
        let _ = write!(text, "  set:\n    GEN_SHARED_{index}: \"set by {name}\"\n");
    }
    patches(&mut text, index, &name, &key);
    text
}

/// The text of the plugin with this number after an edit of one of its patches:
/// another number of an edit is another text.
pub fn edited_plugin_text(index: usize, edit: usize) -> String {
    let line = format!("    # {}\n", plugin_name(index));
    let edited = format!("    # {}, edit {edit}\n", plugin_name(index));
    plugin_text(index).replacen(&line, &edited, 1)
}

fn patches(text: &mut String, index: usize, name: &str, key: &str) {
    text.push_str("patches:\n");
    let _ = write!(
        text,
        "  local-docker-compose-services: |
    {name}:
      image: {{{{ {key}_IMAGE }}}}
      restart: unless-stopped
  openedx-common-settings: |
    # {name}
    {key}_URL = \"{{% if ENABLE_HTTPS %}}https{{% else %}}http{{% endif %}}://{{{{ {key}_HOST }}}}\"
"
    );
    match index % 4 {
        0 => {
            let _ = write!(
                text,
                "  caddyfile: |
    {{{{ {key}_HOST }}}}{{$default_site_port}} {{
      import proxy \"{name}:{{{{ {key}_PORT }}}}\"
    }}
"
            );
        }
        1 => {
            let _ = write!(
                text,
                "  lms-env: |
    {{% for name in {key}_NAMES %}}{key}_{{{{ loop.index }}}}: {{{{ name }}}}
    {{% endfor %}}
"
            );
        }
        2 => {
            let _ = write!(
                text,
                "  openedx-lms-production-settings: |
    {{% if {key}_ENABLED %}}
    ALLOWED_HOSTS.append(\"{{{{ {key}_HOST }}}}\")
    {{% endif %}}
"
            );
        }
        _ => {
            let _ = writeln!(text, "  k8s-services: \"# {{{{ {key}_TOKEN }}}}\"");
        }
    }
}
