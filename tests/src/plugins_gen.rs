//! Generates sets of YAML plugins: the same for the same count, each a little
//! different, with settings of all kinds, references to other plugins, and
//! patches to several places. Tests and benches share it.

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
