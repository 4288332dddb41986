//! Commands about images.

use super::{Answer, Session, checks};
use crate::config::Table;
use crate::diagnostics::Diagnostics;
use crate::images::{self, Catalogue};

impl Session {
    /// The tags of the images that are called so (`all`: of all that are built), in order. A name that is unknown is an
    /// error behind the tags of those before it, as in Tutor.
    ///
    /// # Errors
    /// If the settings or an image's tag are wrong.
    pub fn image_tags(&mut self, names: &[String]) -> Answer<Vec<String>> {
        let (settings, mut diagnostics) = self.full_settings()?;
        let catalogue = Catalogue::new(&self.db, &settings);
        let built = match catalogue.built() {
            Ok(built) => built,
            Err(failure) => {
                diagnostics.push(failure);
                return Err(diagnostics);
            }
        };
        self.remember_records();
        let mut tags = Vec::new();
        for name in names {
            let found = built
                .iter()
                .filter(|image| name == "all" || *image.name == **name);
            let before = tags.len();
            tags.extend(found.map(|image| image.tag.clone()));
            if tags.len() == before && name != "all" {
                let known = built.iter().map(|image| &*image.name);
                diagnostics.push(images::unknown(name, known));
                break;
            }
        }
        Ok((tags, diagnostics))
    }

    /// All settings as templates see them, with what there is to say.
    fn full_settings(&mut self) -> Result<(std::sync::Arc<Table>, Diagnostics), Diagnostics> {
        self.load_secret()?;
        let mut diagnostics = checks::of_plugins(&self.db);
        checks::version(&self.db, &mut diagnostics);
        let settings = checks::full(&self.db, &mut diagnostics).cloned();
        match settings.filter(|_| !diagnostics.is_fatal(self.options.strict)) {
            Some(settings) => Ok((settings, diagnostics)),
            None => Err(diagnostics),
        }
    }
}
