//! Plugins that are used from where their sources are: `pip install --editable`, today's way and the one before.

use tests::packages::Package;

use super::snake::Snake;

const MODULE: &str = "patches = {'spot': 'from sources'}\n";

/// A package as today's `pip install --editable` leaves it: metadata in the environment, sources elsewhere.
fn installed_editable(snake: &Snake) -> Package {
    let package = Package::new("p", MODULE);
    snake
        .prepared(&package)
        .install_editable(&snake.path("src"), &snake.path(snake.site()))
        .unwrap();
    package
}

fn is_used_from_sources(snake: &Snake, metadata: &str) {
    let row = snake.row("p").unwrap();
    assert_eq!(row[..3], ["p", "✅ enabled", "1.0"]);
    assert!(row[3].contains("tutor-p"), "{row:?}");
    assert!(row[3].contains(&snake.shown(metadata)), "{row:?}");
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io from sources");
    snake.without_python(&["config", "save"]);
    snake.put("src/p/plugin.py", "patches = {'spot': 'edited'}\n");
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io edited");
}

#[test]
fn a_package_with_a_path_file_that_leads_to_its_sources() {
    let snake = Snake::new(&["p"]);
    let package = installed_editable(&snake);
    is_used_from_sources(&snake, &snake.in_site(&package.metadata()));
}

/// As setuptools does it for packages whose sources are not laid out as they are imported: the `.pth` file runs code
/// that puts a finder on `sys.meta_path`.
#[test]
fn a_package_with_a_finder_that_knows_its_sources() {
    let snake = Snake::new(&["p"]);
    let package = installed_editable(&snake);
    let finder = "\
import sys
from importlib.util import spec_from_file_location
class Finder:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name == 'p':
            return spec_from_file_location('p', '@world@/src/p/__init__.py')
def install():
    sys.meta_path.append(Finder)
";
    snake.put(&snake.in_site("__editable___tutor_p_1_0_finder.py"), finder);
    snake.put(
        &snake.in_site("__editable__.tutor_p-1.0.pth"),
        "import __editable___tutor_p_1_0_finder; __editable___tutor_p_1_0_finder.install()\n",
    );
    is_used_from_sources(&snake, &snake.in_site(&package.metadata()));
}

#[test]
fn a_package_in_development_whose_metadata_are_beside_its_sources() {
    let snake = Snake::new(&["p"]);
    let package = Package::new("p", MODULE);
    snake
        .prepared(&package)
        .install_in_development(&snake.path("src"), &snake.path(snake.site()))
        .unwrap();
    is_used_from_sources(&snake, "src/tutor_p.egg-info");
}
