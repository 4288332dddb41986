//! `tutor images …`.

pub(crate) mod args;

use crate::output;
use crate::run::{Shell, Status};
use args::Images;

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
            Images::Build(_) | Images::Pull(_) | Images::Push(_) => Status::Failure,
        }
    }
}
