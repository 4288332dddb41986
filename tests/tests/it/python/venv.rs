//! A virtual environment made by hand, whose interpreter notes that it was started.
//!
//! Python takes the name that it is started by for where it lies: a script that becomes the real interpreter under its
//! own name is as good as the link that `venv` makes.

use tests::era::Plain;

use super::snake::{STARTS, Snake};

/// Makes one that has what plugins need, and no plugin.
pub(super) fn make(snake: &Snake, folder: &str) {
    let python = Plain::get().unwrap();
    let home = python.base.parent().unwrap().display();
    let version = &python.version;
    snake.put(
        &format!("{folder}/pyvenv.cfg"),
        &format!("home = {home}\ninclude-system-site-packages = false\nversion = {version}\n"),
    );
    snake.put_script(
        &format!("{folder}/bin/python"),
        &format!(
            "#!/bin/bash\necho started >> {}\nexec -a \"$0\" {} \"$@\"\n",
            snake.path(STARTS).display(),
            python.base.display()
        ),
    );
    snake.put(
        &format!("{folder}/lib/python{version}/site-packages/plain.pth"),
        &format!("{}\n", python.site.display()),
    );
}
