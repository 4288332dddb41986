//! From the command line to the engine and back.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use engine::Event;
use engine::commands::{Answer, Engine, PluginStatus, SaveRequest, Saved};
use engine::config::{Edit, Edits, parse_key_value};
use engine::diagnostics::{Diagnostics, Severity};
use engine::jobs;
use engine::profile::Profile;
use engine::system::{OsSystem, System};

use crate::args::{Cli, Command, Config, Patches, Platform, Plugins, Save};
use crate::images::args::Images;
use crate::{diagnostics, environment, help, job, output, plugin, progress, timings, watch};

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// 0
    Success,
    /// 1: something is wrong with the project.
    Failure,
    /// 2: something is wrong with the command line.
    Usage,
    /// As a plugin's command has ended.
    Of(u8),
}

impl Status {
    /// This one, if it is bad; else `other`.
    pub(crate) fn and(self, other: Self) -> Self {
        if self == Self::Success { other } else { self }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Success => 0,
            Status::Failure => 1,
            Status::Usage => 2,
            Status::Of(status) => status,
        })
    }
}

/// Does what the command line says.
pub(crate) fn run() -> Status {
    let cli = match Cli::try_parse_from(help::as_no_command(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                Status::Usage
            } else {
                Status::Success
            };
        }
    };
    if cli.version {
        output::line(format_args!(
            "tutor, version {}",
            engine::about::FULL_VERSION
        ));
        return Status::Success;
    }
    let system = Arc::new(OsSystem);
    let strict = cli.global.strict;
    let is_measured = matches!(&cli.command, Some(Command::Config(Config::Save(save)))
        if save.timings.is_some() || save.trace.is_some());
    let profile = is_measured.then(|| Profile::begin(system.clone()));
    let mut options = environment::options(&*system, &cli.global, profile.clone());
    // There it is Docker's cache that is meant.
    options.no_cache &= !matches!(&cli.command, Some(Command::Images(Images::Build(_))));
    let engine = Engine::new(system.clone(), options);
    let mut shell = Shell {
        engine,
        strict,
        profile,
    };
    match cli.command {
        None | Some(Command::Help) => {
            help::print(&mut shell.engine);
            std::mem::forget(shell);
            Status::Success
        }
        Some(command) => {
            if system.user_id() == 0 {
                output::alert(
                    "You are running Tutor as root: files will belong to root. Use another user, in the group 'docker'.",
                );
            }
            let status = shell.command(command);
            // The process ends here: taking the graph apart piece by piece would cost a tenth of a large save.
            std::mem::forget(shell);
            status
        }
    }
}

pub(crate) struct Shell {
    pub(crate) engine: Engine,
    pub(crate) strict: bool,
    profile: Option<Arc<Profile>>,
}

impl Shell {
    fn command(&mut self, command: Command) -> Status {
        match command {
            Command::Config(Config::Save(save)) => self.save(&save),
            Command::Config(Config::Printvalue { key }) => {
                let answer = self.engine.print_value(&key);
                self.answer(answer, output::line)
            }
            Command::Config(Config::Printroot) => {
                output::line(self.engine.root().display());
                Status::Success
            }
            Command::Config(Config::Patches(Patches::List)) => {
                let answer = self.engine.session().patch_locations();
                self.answer(answer, |patches| {
                    let mut rows = vec![["PATCH", "LOCATIONS"]];
                    for (name, locations) in &patches {
                        let names = std::iter::once(&**name).chain(std::iter::repeat(""));
                        rows.extend(
                            names
                                .zip(locations)
                                .map(|(name, location)| [name, location]),
                        );
                    }
                    output::table(&rows);
                })
            }
            Command::Config(Config::Patches(Patches::Show { name })) => {
                let answer = self.engine.session().patch(&name);
                self.answer(answer, |text| {
                    if !text.is_empty() {
                        output::line(text);
                    }
                })
            }
            Command::Images(images) => self.images(images),
            Command::Plugins(Plugins::Printroot) => {
                output::line(self.engine.plugins_root().display());
                Status::Success
            }
            Command::Plugins(Plugins::List { enabled }) => self.list_plugins(enabled),
            Command::Plugins(Plugins::Enable { names }) => {
                let names: Vec<Arc<str>> = names.into_iter().map(Into::into).collect();
                let answer = self.engine.session().enable(&names, &mut show);
                self.answer(answer, |saved| {
                    for name in &names {
                        output::info(format_args!("Plugin {name} enabled"));
                    }
                    report(&saved, false);
                })
            }
            Command::Plugins(Plugins::Disable { names }) => self.disable(names),
            Command::Plugin(words) => plugin::run(&mut self.engine, &words, self.strict),
            Command::Local(command) => self.on(jobs::Platform::Local, &command),
            Command::Dev(command) => self.on(jobs::Platform::Dev, &command),
            Command::K8s(command) => self.on(jobs::Platform::K8s, &command),
            Command::Help => Status::Success,
        }
    }

    fn on(&mut self, platform: jobs::Platform, command: &Platform) -> Status {
        match command {
            Platform::Do { words } => job::run(&mut self.engine, platform, words, self.strict),
            Platform::Other(words) => job::command(&mut self.engine, platform, words, self.strict),
        }
    }

    /// Prints what the engine has to say, and what it answered.
    pub(crate) fn answer<T>(&self, answer: Answer<T>, print: impl FnOnce(T)) -> Status {
        show_printed(&self.engine);
        match answer {
            Ok((value, remarks)) => {
                diagnostics::print(&remarks, self.strict);
                print(value);
                // What could be done was done; but not all of it.
                let failed = remarks
                    .iter()
                    .any(|remark| remark.severity == Severity::Error);
                if failed {
                    Status::Failure
                } else {
                    Status::Success
                }
            }
            Err(problems) => {
                diagnostics::print(&problems, self.strict);
                Status::Failure
            }
        }
    }

    fn save(&mut self, save: &Save) -> Status {
        let edits = match edits(save) {
            Ok(edits) => edits,
            Err(problems) => {
                diagnostics::print(&problems, self.strict);
                // As in Tutor: without `=` the command line is wrong, with a bad value the value is.
                let usage = problems.iter().any(|problem| problem.code == "key-value");
                return if usage {
                    Status::Usage
                } else {
                    Status::Failure
                };
            }
        };
        let request = SaveRequest {
            edits,
            env_only: save.env_only,
            clean: save.clean,
            must_exist: false,
        };
        if save.watch {
            let status = watch::run(&mut self.engine, save, request, self.strict, &mut show);
            return match &self.profile {
                Some(profile) => status.and(timings::tell(profile, save, &*self.engine.system())),
                None => status,
            };
        }
        let shown = progress::show(self.engine.progress());
        let answer = self.engine.save(&request, &mut show);
        drop(shown);
        let status = self.answer(answer, |saved| report(&saved, save.clean));
        match &self.profile {
            Some(profile) => status.and(timings::tell(profile, save, &*self.engine.system())),
            None => status,
        }
    }

    fn list_plugins(&mut self, enabled_only: bool) -> Status {
        let (plugins, remarks) = self.engine.session().plugins(enabled_only);
        show_printed(&self.engine);
        diagnostics::print(&remarks.as_alerts(), false);
        // As in Tutor, as long as all of them are files of one folder.
        let columns = if plugins.iter().any(|plugin| plugin.is_package) {
            4
        } else {
            3
        };
        let mut rows = vec![vec!["NAME", "STATUS", "VERSION", "ORIGIN"]];
        rows.extend(plugins.iter().map(|plugin| {
            let status = match plugin.status {
                PluginStatus::Enabled => "✅ enabled",
                PluginStatus::Installed => "installed",
                PluginStatus::Missing => "not installed",
            };
            vec![&*plugin.name, status, &plugin.info, &plugin.origin]
        }));
        for row in &mut rows {
            row.truncate(columns);
        }
        output::table(&rows);
        Status::Success
    }

    fn disable(&mut self, names: Vec<String>) -> Status {
        let names: Vec<Arc<str>> = names.into_iter().map(Into::into).collect();
        let answer = self.engine.session().disable(&names, &mut show);
        self.answer(answer, |(disabled, saved)| {
            for plugin in disabled {
                output::info(format_args!("Disabling plugin {}...", plugin.name));
                for (setting, value) in plugin.settings {
                    output::info(format_args!(
                        "    config - removing entry: {setting}={value}"
                    ));
                }
                for folder in plugin.folders {
                    output::info(format_args!(
                        "    env - removing folder: {}",
                        folder.display()
                    ));
                }
                output::info(format_args!("Plugin {} disabled", plugin.name));
            }
            if let Some(saved) = saved {
                report(&saved, false);
            }
        })
    }
}

/// The changes of settings that the options ask for, in Tutor's order.
fn edits(save: &Save) -> Result<Edits, Diagnostics> {
    let mut edits = Edits::new();
    let mut problems = Diagnostics::new();
    let kinds = [
        (&save.set, "--set", Edit::Set as fn(_, _) -> _),
        (&save.append, "--append", Edit::Append),
        (&save.remove, "--remove", Edit::Remove),
    ];
    for (texts, option, edit) in kinds {
        for text in texts {
            match parse_key_value(option, text) {
                Ok((key, value)) => edits.push(edit(key, value)),
                Err(problem) => problems.push(problem),
            }
        }
    }
    edits.extend(
        save.unset
            .iter()
            .map(|key| Edit::Unset(key.as_str().into())),
    );
    if problems.is_empty() {
        Ok(edits)
    } else {
        Err(problems)
    }
}

/// What happened, as Tutor says it.
fn report(saved: &Saved, clean: bool) {
    if clean {
        if saved.report.cleaned {
            output::alert(format_args!(
                "Removed existing Tutor environment at: {}",
                saved.env.display()
            ));
        } else {
            output::info(format_args!(
                "No existing Tutor environment to remove at: {}",
                saved.env.display()
            ));
        }
    }
    if let Some(config) = &saved.config {
        output::info(format_args!("Configuration saved to {}", config.display()));
    }
    if let Some(json) = &saved.converted {
        output::info(format_args!(
            "File {} converted to config.yml",
            json.display()
        ));
    }
    if !saved.env.as_os_str().is_empty() {
        output::info(format_args!(
            "Environment generated in {}",
            saved.env.display()
        ));
    }
}

/// Passes on what plugins printed while they were loaded.
pub(crate) fn show_printed(engine: &Engine) {
    for printed in engine.take_printed() {
        output::error_text(printed.text.trim_end());
    }
}

/// Shows what is worth knowing while it happens.
fn show(event: Event) {
    match event {
        Event::WaitingForLock { root } => {
            output::alert(format_args!(
                "Another process is saving {}: waiting for it",
                root.display()
            ));
        }
        Event::Repairing { files } => {
            output::alert(format_args!(
                "An earlier save was interrupted: repairing what it left ({files} files)"
            ));
        }
        Event::Wrote { .. } | Event::Removed { .. } => {}
    }
}
