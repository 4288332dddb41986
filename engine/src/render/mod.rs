//! Rendering: texts, values, patches and templates, each reading exactly what it depends on.
//!
//! Knows settings, patches and template files as queries. Does not know where rendered files go.

mod build_mounts;
mod crypto;
mod draws;
mod failure;
mod filters;
mod functions;
mod host;
mod mounts;
mod patches;
mod patterns;
mod python;
mod recall;
mod request;
mod rsa_key;
mod templates;
mod text;

pub use build_mounts::{BuildMount, build_mounts};
pub use draws::ROOT_SECRET_BYTES;
pub use filters::NAMES as FILTERS;
pub use functions::{CONSTANTS, constant};
pub use host::has_template as is_template;
pub use patches::{Rendered, patch, patch_locations, rendered_patch};
pub use patterns::problem_with_pattern;
pub use recall::{Reads, other_reads_are_the_same};
pub use request::{Requested, filter, is_encrypted, on_request};
pub use templates::{
    File, Located, hash_of, is_rendered, is_rendered_by_core, locate, names_under, rendered,
    template_file_path, template_names,
};
pub use text::{renders_as_it_is, setting, value_in};
