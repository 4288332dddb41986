//! `tutor images …`.

pub(crate) mod args;
mod tell;

use engine::commands::Way;
use engine::diagnostics::Failure;
use engine::images::{self, BuildOptions, Docker, DockerEngine, Manner, Pace};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::args::Format;
use crate::diagnostics;
use crate::output;
use crate::run::{Shell, Status};
use args::{Build, Images, Transfer};
use tell::Teller;

impl Shell {
    /// Does what `tutor images` says.
    pub(crate) fn images(&mut self, images: Images) -> Status {
        match images {
            Images::Printtag { names } => {
                let answer = self.engine.session().image_tags(&names);
                self.answer(answer, |tags| {
                    for tag in tags {
                        output::line(tag);
                    }
                })
            }
            Images::Build(build) => self.build(*build),
            Images::Pull(transfer) => self.transfer(&transfer, Way::Pull),
            Images::Push(transfer) => self.transfer(&transfer, Way::Push),
        }
    }

    fn build(&mut self, build: Build) -> Status {
        let connecting = DockerEngine::connecting(self.engine.system());
        let (format, plan) = (build.format, build.plan);
        let manner = Manner {
            force: build.force,
            offline: build.offline,
            pull_unchanged: build.pull_unchanged,
            keep_going: build.keep_going,
        };
        let pace = Pace {
            jobs: build.jobs,
            keep_going: build.keep_going,
        };
        let names = build.names.clone();
        let answer = self.engine.session().image_builds(&names, &options(build));
        let mut builds = Vec::new();
        let status = self.answer(answer, |found| builds = found);
        if builds.is_empty() {
            return status;
        }
        let docker = match self.stoppable(connecting.wait()) {
            Ok(docker) => docker,
            Err(status) => return status,
        };
        let session = self.engine.session();
        if plan {
            let answer = session.plan_images(&builds, manner, &docker);
            return self.answer(answer, |planned| match format {
                Format::Text => {
                    for one in planned {
                        output::line(format_args!("{}: {}", one.looked.build.name, one.decision));
                    }
                }
                Format::Json => output::line(format_args!("{:#}", images::bake_file(&planned))),
            });
        }
        let mut teller = Teller::new(format);
        let mut events = |build: &_, happening| teller.tell(build, happening);
        let answer = session.build_images(&builds, manner, pace, &docker, &mut events);
        drop(teller);
        let mut is_complete = true;
        let status = self.answer(answer, |complete| is_complete = complete);
        status.and(if is_complete {
            Status::Success
        } else {
            Status::Failure
        })
    }

    fn transfer(&mut self, transfer: &Transfer, way: Way) -> Status {
        let answer = self.engine.session().remote_images(&transfer.names, way);
        let mut images = Vec::new();
        let status = self.answer(answer, |found| images = found);
        if images.is_empty() {
            return status;
        }
        let docker = match self.stoppable(DockerEngine::connect(&*self.engine.system())) {
            Ok(docker) => docker,
            Err(status) => return status,
        };
        let mut status = status;
        for image in images {
            let what = if way == Way::Pull {
                "Pulling"
            } else {
                "Pushing"
            };
            output::info(format_args!("{what} image {}", image.tag));
            let mut teller = Teller::new(Format::Text);
            let mut events = |step| teller.step(&image.name, step);
            let done = match way {
                Way::Pull => docker.pull(&image.tag, &mut events),
                Way::Push => docker.push(&image.tag, &mut events),
            };
            drop(teller);
            if let Err(failure) = done {
                diagnostics::print(&failure.into(), self.strict);
                status = Status::Failure;
                if !transfer.keep_going {
                    break;
                }
            }
        }
        status
    }

    /// The engine, which Ctrl-C keeps from going on.
    fn stoppable(&self, engine: Result<DockerEngine, Failure>) -> Result<DockerEngine, Status> {
        match engine {
            Ok(docker) => {
                let stop = docker.stop();
                if let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) {
                    std::thread::spawn(move || {
                        for _ in signals.forever() {
                            stop.stop();
                        }
                    });
                }
                Ok(docker)
            }
            Err(failure) => {
                diagnostics::print(&failure.into(), self.strict);
                Err(Status::Failure)
            }
        }
    }
}

/// What is handed on to Docker.
fn options(build: Build) -> BuildOptions {
    BuildOptions {
        no_cache: build.no_cache,
        no_registry_cache: build.no_registry_cache,
        cache_to_registry: build.cache_to_registry,
        output: build.output,
        build_args: build.arguments,
        add_hosts: build.add_hosts,
        target: build.target,
        docker_args: build.docker_args,
    }
}
