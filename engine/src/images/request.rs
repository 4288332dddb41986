//! What is asked for: the command line of a build as Tutor has it, and what it means.

use std::collections::BTreeMap;
use std::path::Path;

use super::catalogue::BuildItem;

/// What the user says of a build.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// `--no-cache`
    pub no_cache: bool,
    /// `--no-registry-cache`
    pub no_registry_cache: bool,
    /// `--cache-to-registry`
    pub cache_to_registry: bool,
    /// `--output`
    pub output: String,
    /// `--build-arg`
    pub build_args: Vec<String>,
    /// `--add-host`
    pub add_hosts: Vec<String>,
    /// `--target`
    pub target: Option<String>,
    /// `--docker-arg`
    pub docker_args: Vec<String>,
}

/// A build, as data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Build {
    /// The name of the image.
    pub name: String,
    /// The image's tags.
    pub tags: Vec<String>,
    /// The folder of the context, or an address.
    pub context: String,
    /// The Dockerfile, if it is not the one of the context.
    pub dockerfile: Option<String>,
    /// Build arguments; of those with one name, the last.
    pub arguments: BTreeMap<String, String>,
    /// The stage that is built; `None` for the last.
    pub target: Option<String>,
    /// The platforms that are built for; `None` for the engine's.
    pub platform: Option<String>,
    /// Hosts that steps see, `NAME:ADDRESS`.
    pub add_hosts: Vec<String>,
    /// Other contexts: name, and folder, image or address.
    pub contexts: BTreeMap<String, String>,
    /// Where cached steps may be.
    pub cache_from: Vec<String>,
    /// Where cached steps are put.
    pub cache_to: Vec<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Where the result goes, if not to the engine.
    pub output: Option<String>,
    /// Whether every step is carried out.
    pub no_cache: bool,
    /// Whether base images are looked for in registries only.
    pub pull: bool,
    /// The builder, if not the engine's own.
    pub builder: Option<String>,
    /// Options that mean nothing to us.
    pub others: Vec<String>,
}

/// The arguments of `docker` for a build, in Tutor's order.
pub fn command(item: &BuildItem, options: &BuildOptions, env: &Path) -> Vec<String> {
    let mut words: Vec<String> = ["buildx", "build"].map(str::to_owned).into();
    words.push(format!("--tag={}", item.tag));
    if options.no_cache {
        words.push("--no-cache".into());
    }
    let pairs = [
        ("--build-arg", &options.build_args),
        ("--add-host", &options.add_hosts),
    ];
    for (name, values) in pairs {
        for value in values {
            words.extend([name.to_owned(), value.clone()]);
        }
    }
    if let Some(target) = options.target.as_ref().filter(|target| !target.is_empty()) {
        words.extend([String::from("--target"), target.clone()]);
    }
    if !options.output.is_empty() {
        words.push(format!("--output={}", options.output));
    }
    words.extend(options.docker_args.iter().cloned());
    words.extend(item.arguments.iter().map(ToString::to_string));
    let cache = format!("{}-cache", item.tag);
    if !options.no_registry_cache {
        words.push(format!("--cache-from=type=registry,ref={cache}"));
    }
    if options.cache_to_registry {
        words.push(format!(
            "--cache-to=type=registry,mode=max,ref={cache},image-manifest=true"
        ));
    }
    for (stage, folder) in &item.mounts {
        words.push(format!("--build-context={stage}={folder}"));
    }
    words.push(env.join(&*item.context).display().to_string());
    words
}

/// Options of `docker buildx build` that have a value, with those that mean nothing to us.
const WITH_VALUE: [&str; 34] = [
    "--add-host",
    "--allow",
    "--annotation",
    "--attest",
    "--build-arg",
    "--build-context",
    "--builder",
    "--cache-from",
    "--cache-to",
    "--call",
    "--cgroup-parent",
    "--cpu-period",
    "--cpu-quota",
    "--cpu-shares",
    "--cpuset-cpus",
    "--cpuset-mems",
    "--file",
    "--iidfile",
    "--isolation",
    "--label",
    "--memory",
    "--memory-swap",
    "--metadata-file",
    "--network",
    "--no-cache-filter",
    "--output",
    "--platform",
    "--progress",
    "--secret",
    "--security-opt",
    "--shm-size",
    "--ssh",
    "--tag",
    "--target",
];

/// Reads the arguments of `docker` for a build of the image `name`. `variable` is what variables of the environment are.
///
/// # Errors
/// If it is no build, in a few words.
pub fn parse(
    name: &str,
    words: &[String],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Build, String> {
    let mut words = words.iter().map(String::as_str).peekable();
    words.next_if(|word| *word == "buildx");
    if words.next_if(|word| *word == "build").is_none() {
        return Err(String::from("it is no `docker buildx build`"));
    }
    let mut build = Build {
        name: name.to_owned(),
        ..Build::default()
    };
    let mut contexts = Vec::new();
    while let Some(word) = words.next() {
        if word == "-" || !word.starts_with('-') {
            contexts.push(word.to_owned());
            continue;
        }
        let (option, mut value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (word, None),
        };
        let option = match option {
            "-f" => "--file",
            "-o" => "--output",
            "-t" => "--tag",
            "-q" => "--quiet",
            "-D" => "--debug",
            option => option,
        };
        if value.is_none() && WITH_VALUE.contains(&option) {
            value = words.next();
            if value.is_none() {
                return Err(format!("{option} needs a value"));
            }
        }
        build.option(option, value, variable);
    }
    match contexts.len() {
        1 => build.context = contexts.remove(0),
        0 => return Err(String::from("it has no context")),
        _ => return Err(format!("it has several contexts: {}", contexts.join(", "))),
    }
    Ok(build)
}

impl Build {
    fn option(
        &mut self,
        option: &str,
        value: Option<&str>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) {
        let text = value.unwrap_or_default().to_owned();
        let is_on = value.is_none_or(|value| value != "false");
        match option {
            "--tag" => self.tags.push(text),
            "--no-cache" => self.no_cache = is_on,
            "--pull" => self.pull = is_on,
            // One without value has that of the variable of its name, if there is one.
            "--build-arg" => {
                let pair = match text.split_once('=') {
                    Some((name, value)) => Some((name.to_owned(), value.to_owned())),
                    None => variable(&text).map(|value| (text, value)),
                };
                self.arguments.extend(pair);
            }
            "--add-host" => self.add_hosts.push(text),
            "--target" => self.target = Some(text).filter(|target| !target.is_empty()),
            "--platform" => self.platform = Some(text).filter(|platform| !platform.is_empty()),
            "--file" => self.dockerfile = Some(text),
            "--builder" => self.builder = Some(text),
            "--cache-from" => self.cache_from.push(text),
            "--cache-to" => self.cache_to.push(text),
            "--build-context" => {
                let (name, place) = text.split_once('=').unwrap_or((&text, ""));
                self.contexts.insert(name.to_lowercase(), place.to_owned());
            }
            "--label" => {
                let (name, value) = text.split_once('=').unwrap_or((&text, ""));
                self.labels.insert(name.to_owned(), value.to_owned());
            }
            // That is where it goes anyway.
            "--output" if text == "type=docker" => {}
            "--output" => self.output = Some(text),
            "--load" if is_on => {}
            "--push" if is_on => self.output = Some(String::from("type=registry")),
            _ => {
                let word =
                    value.map_or_else(|| option.to_owned(), |value| format!("{option}={value}"));
                self.others.push(word);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Owner;

    fn item() -> BuildItem {
        BuildItem {
            name: "i".into(),
            context: "build/i".into(),
            tag: String::from("r/i:1"),
            arguments: vec!["--target=dev".into(), "--weird".into()],
            mounts: vec![(String::from("code"), String::from("/src/code"))],
            owner: Owner::Core,
        }
    }

    #[test]
    fn the_command_is_that_of_tutor() {
        let options = BuildOptions {
            no_cache: true,
            cache_to_registry: true,
            output: String::from("type=oci"),
            build_args: vec![String::from("A=1")],
            add_hosts: vec![String::from("h:1.2.3.4")],
            target: Some(String::from("T")),
            docker_args: vec![String::from("--foo")],
            ..BuildOptions::default()
        };
        let words = command(&item(), &options, Path::new("/r/env"));
        assert_eq!(
            words.join(" "),
            "buildx build --tag=r/i:1 --no-cache --build-arg A=1 --add-host h:1.2.3.4 --target T --output=type=oci --foo \
             --target=dev --weird --cache-from=type=registry,ref=r/i:1-cache \
             --cache-to=type=registry,mode=max,ref=r/i:1-cache,image-manifest=true --build-context=code=/src/code \
             /r/env/build/i"
        );
    }

    #[test]
    fn a_command_is_read_whatever_way_it_is_written() {
        let read = |text: &str| {
            let words: Vec<_> = text.split(' ').map(str::to_owned).collect();
            parse("i", &words, &|name| {
                (name == "SET").then(|| String::from("v"))
            })
        };
        let build = read(
            "buildx build -t a:1 --tag=b --build-arg A=1 --build-arg=A=2 --build-arg SET --build-arg UNSET --load -f D \
             --secret id=x --builder far --output=type=docker . --item",
        );
        let build = build.unwrap();
        assert_eq!(build.tags, ["a:1", "b"]);
        let arguments: Vec<_> = build
            .arguments
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        assert_eq!(arguments, ["A=2", "SET=v"]);
        assert_eq!(build.dockerfile.as_deref(), Some("D"));
        assert_eq!(build.others, ["--secret=id=x", "--item"]);
        assert_eq!((build.output, build.context.as_str()), (None, "."));
        assert!(read("run x").is_err());
        assert!(read("build").is_err());
        assert!(read("build a b").is_err());
    }
}
