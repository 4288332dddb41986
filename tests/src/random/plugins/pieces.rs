//! What generated plugins consist of: pieces of Python that can stand in any plugin, in any order.
//!
//! In each, `own` is the plugin's name, `OWN_` the prefix of its settings, `other` and `OTHER_` those of another one, which
//! may not be there. `WORD`, `NUMBER`, `PATCH`, `FILTER` and `PRIORITY` are drawn anew each time a piece is written.

/// What each plugin begins with.
pub(super) const BEGIN: &str = "\
import os
from tutor import hooks

";

/// The pieces.
pub(super) const PIECES: &[&str] = &[
    // Settings, as data.
    "hooks.Filters.CONFIG_DEFAULTS.add_items([('OWN_A', 'WORD at {{ LMS_HOST }}'), ('OWN_COUNT', NUMBER), ('OWN_LIST', ['WORD', '{{ LMS_HOST }}'])])",
    "hooks.Filters.CONFIG_DEFAULTS.add_item(('OWN_B', '{{ OTHER_A|default(\"none\") }} WORD'), priority=PRIORITY)",
    "hooks.Filters.CONFIG_UNIQUE.add_item(('OWN_UNIQUE', 'unique WORD'))",
    "hooks.Filters.CONFIG_OVERRIDES.add_item(('PLATFORM_NAME', 'WORD of own'), priority=PRIORITY)",
    "hooks.Filters.CONFIG_OVERRIDES.add_item(('OTHER_A', 'overridden by own: WORD'))",
    // Settings, by functions.
    "
@hooks.Filters.CONFIG_DEFAULTS.add(priority=PRIORITY)
def _default(items):
    return items + [('OWN_C', 'by a function: WORD')]
",
    "
@hooks.Filters.CONFIG_DEFAULTS.add(priority=PRIORITY)
def _louder(items):
    return [(name, value + ' WORD') if name == 'OTHER_A' else (name, value) for name, value in items]
",
    // Patches.
    "hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# own WORD {{ LMS_HOST }} {{ OWN_A|default(\"\") }} {{ OTHER_A|default(\"\") }}'), priority=PRIORITY)",
    "hooks.Filters.ENV_PATCHES.add_items([('PATCH', '# first WORD'), ('PATCH', '# second\\n# of two WORD'), ('own-patch', 'in own: WORD')])",
    "hooks.Filters.ENV_PATCHES.add_item(('PATCH', '{% for one in [1, 2] %}# {{ one }} {{ patch(\"other-patch\") }}\\n{% endfor %}'))",
    "
@hooks.Filters.ENV_PATCHES.add(priority=PRIORITY)
def _patches(patches):
    found = [text for name, text in patches if name == 'PATCH']
    return patches + [('PATCH', '# own counts %d WORD' % len(found))]
",
    "
@hooks.Filters.ENV_PATCHES.add(priority=PRIORITY)
def _without(patches):
    return [(name, text.replace('WORD', 'instead')) for name, text in patches if name != 'other-patch']
",
    // Names that templates know.
    "
def _function(word, more='WORD'):
    return '%s %s NUMBER' % (word, more)
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(('own_function', _function))
hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# {{ own_function(LMS_HOST) }} {{ own_function(\"x\", more=OWN_COUNT|default(1)) }}'))
",
    "
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_items([('own_text', 'WORD'), ('own_numbers', [1, NUMBER, 3]), ('own_table', {'word': 'WORD', 'deep': {'er': NUMBER}})])
hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# {{ own_text }} {{ own_numbers|sum }} {{ own_table.deep.er }} {{ own_table[\"word\"] }}'))
",
    "
hooks.Filters.ENV_TEMPLATE_FILTERS.add_item(('own_filter', lambda text, times=1: str(text).upper() * times + 'WORD'))
hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# {{ LMS_HOST|own_filter }} {{ \"a\"|own_filter(NUMBER) }} {{ [1, 2]|map(\"own_filter\")|join(\",\") }}'))
",
    "
class _Thing:
    kind = 'WORD'
    def __init__(self, words):
        self.words = list(words)
    def shout(self, mark='!'):
        return ' '.join(self.words).upper() + mark
    @property
    def first(self):
        return self.words[0]
    def __str__(self):
        return 'thing of %d' % len(self.words)
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_items([('own_Thing', _Thing), ('own_thing', _Thing(['WORD']))])
hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# {{ own_thing }} {{ own_thing.first }} {{ own_thing.shout(\"?\") }} {{ own_thing == own_thing }} {{ \"a\" in own_thing.words }} {% for w in own_Thing([LMS_HOST, \"b\", \"c\"]).words %}{{ w }};{% endfor %}{{ own_Thing([\"z\"]).kind }}'))
",
    "
def _reads():
    with open('@world@/data/own.txt') as file:
        return file.read().strip() + ' WORD'
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(('own_reads', _reads))
hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# {{ own_reads() }}'))
",
    "
def _lists():
    return sorted(os.listdir('@world@/data'))
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(('own_lists', _lists))
hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# {{ own_lists()|join(\" \") }} WORD'))
",
    // Filters that are looked at.
    "
@hooks.lru_cache
def _names():
    return [name for name, _ in hooks.Filters.ENV_PATCHES.iterate() if 'patch' in name]
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(('own_names', lambda: ' '.join(_names())))
hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# {{ own_names() }} WORD'))
",
    "
def _of_other():
    context = hooks.Contexts.app('other').name
    return len(list(hooks.Filters.FILTER.iterate_from_context(context)))
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(('own_of_other', _of_other))
hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# other has {{ own_of_other() }} WORD'))
",
    "
def _settings(prefix):
    return [name for name, _ in hooks.Filters.CONFIG_DEFAULTS.iterate() if name.startswith(prefix)]
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(('own_settings', _settings))
hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# {{ own_settings(\"OTHER_\")|join(\",\") }} WORD'))
",
    // Actions.
    "
@hooks.Actions.PLUGINS_LOADED.add(priority=PRIORITY)
def _loaded():
    count = len(list(hooks.Filters.FILTER.iterate()))
    hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# own found %d when all were loaded WORD' % count))
",
    "
@hooks.Actions.PLUGINS_LOADED.add()
def _setting():
    hooks.Filters.CONFIG_DEFAULTS.add_item(('OWN_LATE', 'late WORD'))
    hooks.Filters.ENV_PATCHES.add_item(('PATCH', '# {{ OWN_LATE }}'))
",
    "
@hooks.Actions.CONFIG_LOADED.add()
def _config(config):
    assert config['LMS_HOST']
    config['OWN_A'] = 'nobody sees this: WORD'
",
    "
@hooks.Actions.ENV_SAVED.add(priority=PRIORITY)
def _saved(root, config):
    path = os.path.join(root, 'own-saved.txt')
    with open(os.path.join(root, 'version')) as file:
        version = file.read().strip()
    with open(path, 'w') as file:
        file.write('%s %s WORD %s' % (version, config['LMS_HOST'], config.get('OWN_A')))
",
    "
@hooks.Actions.ENV_SAVED.add(priority=PRIORITY)
def _append(root, config):
    with open(os.path.join(root, 'apps/caddy/Caddyfile'), 'a') as file:
        file.write('# own was here: WORD\\n')
",
    // Templates.
    "
hooks.Filters.ENV_TEMPLATE_ROOTS.add_item('@world@/of-own')
hooks.Filters.ENV_TEMPLATE_TARGETS.add_items([('own/build', 'plugins'), ('own/apps', 'plugins')])
",
    "
hooks.Filters.ENV_TEMPLATE_ROOTS.add_item('@world@/of-own', priority=PRIORITY)

@hooks.Filters.ENV_TEMPLATE_TARGETS.add()
def _targets(targets):
    return targets + [('own/apps', 'elsewhere/WORD')]
",
    "hooks.Filters.ENV_PATTERNS_IGNORE.add_item('(.*/)?NUMBER\\\\.txt')",
    "hooks.Filters.ENV_PATTERNS_INCLUDE.add_item('(.*/)?__pycache__/NUMBER\\\\.txt')",
    // Mounts, workers.
    "
@hooks.Filters.COMPOSE_MOUNTS.add(priority=PRIORITY)
def _mounts(volumes, name):
    if name.startswith('mounted'):
        volumes += [('lms', '/openedx/own/WORD'), ('cms', '/openedx/' + name)]
    return volumes
",
    "hooks.Filters.MOUNTED_DIRECTORIES.add_item(('openedx', 'mounted-NUMBER.*'))",
    "
@hooks.Filters.LMS_WORKER_COMMAND.add(priority=PRIORITY)
def _worker(command):
    return command + ['--own=WORD']
",
    // What the public ones offer.
    "
from tutormfe.hooks import MFE_APPS

@MFE_APPS.add(priority=PRIORITY)
def _apps(apps):
    apps['own'] = {'repository': 'https://a.example/WORD', 'port': 30NUMBER0}
    return apps
",
    "
from tutormfe.hooks import PLUGIN_SLOTS
PLUGIN_SLOTS.add_items([('all', 'slot-NUMBER', \"{op: 'WORD {{ LMS_HOST }}'}\"), ('learning', 'footer_slot', 'WORD')])
",
];

/// Patches that templates of the core call.
pub(super) const PATCHES: [&str; 6] = [
    "openedx-lms-common-settings",
    "openedx-common-settings",
    "caddyfile",
    "openedx-dockerfile-pre-assets",
    "k8s-services",
    "lms-env",
];

/// Filters whose items are counted.
pub(super) const FILTERS: [&str; 4] = [
    "ENV_PATCHES",
    "ENV_TEMPLATE_ROOTS",
    "CONFIG_OVERRIDES",
    "CONFIG_UNIQUE",
];

/// Priorities.
pub(super) const PRIORITIES: [&str; 5] = [
    "hooks.priorities.HIGH",
    "hooks.priorities.DEFAULT",
    "hooks.priorities.LOW",
    "7",
    "None",
];

/// Words.
pub(super) const WORDS: [&str; 5] = ["amber", "birch", "cedar", "oak-tree", "Ünïcode"];

/// What templates consist of.
pub(super) const TEMPLATES: &[&str] = &[
    "WORD {{ LMS_HOST }} {{ OWN_A|default('no a') }}\n",
    "{% for path in MOUNTS %}- {{ path }}\n{% endfor %}",
    "{{ patch('own-patch') }} {{ patch('PATCH')|length }}\n",
    "{% if own_function is defined %}{{ own_function('template') }}{% else %}no function{% endif %}\n",
    "{% include 'own/partials/part.txt' %}\n",
    "{% for volume in iter_mounts(MOUNTS, 'lms') %}{{ volume }}\n{% endfor %}",
    "{{ 'https' if ENABLE_HTTPS else 'http' }} {{ OTHER_B|default('no b') }} WORD\n",
    "{% set n = NUMBER %}{{ n * 2 }}\n",
];
