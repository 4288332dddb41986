//! Functions that come back to themselves: through a template, a patch, or a filter.

use super::{at, house, is_an_error};

#[test]
fn a_function_renders_a_text_that_calls_it() {
    let body = "from tutor import env as tutor_env\n\
                def f():\n    return tutor_env.render_str({'LMS_HOST': 'x'}, '{{ f() }}')\nV.add_item(('f', f))\n";
    is_an_error(&house(body, "\n{{ f() }}\n"), &["page:2", "f"]);
}

#[test]
fn a_function_renders_a_template_that_calls_it() {
    let body = "from tutor import env as tutor_env\n\
                def f():\n    return tutor_env.Renderer({'LMS_HOST': 'x'}).render_template('bad/apps/page')\nV.add_item(('f', f))\n";
    is_an_error(&house(body, "\n{{ f() }}\n"), &["page:2", "f"]);
}

#[test]
fn a_function_applies_a_filter_whose_callback_applies_it() {
    let body = "@hooks.Filters.ENV_PATCHES.add()\ndef _patches(items):\n    return items + list(hooks.Filters.ENV_PATCHES.iterate())\n";
    is_an_error(&house(body, ""), &["ENV_PATCHES", &at(2), "RecursionError"]);
}

#[test]
fn two_callbacks_apply_one_another() {
    let body = "@hooks.Filters.CONFIG_DEFAULTS.add()\ndef _defaults(items):\n    return items + list(hooks.Filters.CONFIG_UNIQUE.iterate())\n\
                @hooks.Filters.CONFIG_UNIQUE.add()\ndef _unique(items):\n    return items + list(hooks.Filters.CONFIG_DEFAULTS.iterate())\n";
    is_an_error(&house(body, ""), &["RecursionError", &at(2)]);
}

#[test]
fn an_action_does_itself() {
    let body = "@hooks.Actions.CONFIG_LOADED.add()\ndef _loaded(config):\n    hooks.Actions.CONFIG_LOADED.do(config)\n";
    is_an_error(
        &house(body, ""),
        &["CONFIG_LOADED", &at(2), "RecursionError"],
    );
}

#[test]
fn an_action_renders_a_template_that_calls_a_function_that_renders_it() {
    let body = "from tutor import env as tutor_env\n\
                def f():\n    return tutor_env.render_str({'LMS_HOST': 'x'}, '{{ f() }}')\nV.add_item(('f', f))\n\
                @hooks.Actions.ENV_SAVED.add()\ndef _saved(root, config):\n    tutor_env.Renderer(config).render_str('{{ f() }}')\n";
    is_an_error(&house(body, ""), &["ENV_SAVED"]);
}
