//! Which plugins together, with which settings, and what is changed between saves.

use tests::today::PLUGINS;

use super::saves::{Project, all_are_the_same};

/// All that works without the others: `indigo` does as well, but only because `mfe` is installed.
const SUBSETS: [&[&str]; 8] = [
    &["discovery", "mfe"],
    &["discovery", "minio", "notes"],
    &["forum", "indigo"],
    &["indigo", "mfe"],
    &["indigo", "minio"],
    &["forum", "mfe", "notes"],
    &["discovery", "forum", "minio"],
    &["discovery", "indigo", "mfe", "notes"],
];

const HTTPS: &str =
    "ENABLE_HTTPS: true\nENABLE_WEB_PROXY: false\nCADDY_HTTP_PORT: 8080\nLMS_HOST: a.example\n";

const ELSEWHERE: &str = "\
RUN_MYSQL: false
RUN_ELASTICSEARCH: false
MYSQL_HOST: db.example
MYSQL_PORT: 3307
MONGODB_USERNAME: mongo
MONGODB_PASSWORD: m0ng0
REDIS_PASSWORD: r3d1s
K8S_NAMESPACE: learn
DOCKER_REGISTRY: \"registry.example/\"
PLATFORM_NAME: \"It's 'ours': {here} – and Ünïcode\"
";

const OF_PLUGINS: &str = "\
DISCOVERY_CACHE_REDIS_DB: 7
DISCOVERY_INDEX_OVERRIDES: {a: b}
DISCOVERY_EXTRA_PIP_REQUIREMENTS: [x-y==1.0, \"git+https://a.example/{{ ID }}.git\"]
DISCOVERY_RUN_ELASTICSEARCH: false
DISCOVERY_ELASTICSEARCH_HOST: es.example
DISCOVERY_ATLAS_PULL: true
INDIGO_PRIMARY_COLOR: \"#123456\"
INDIGO_WELCOME_MESSAGE: \"Don't {{ ID }}\"
INDIGO_ENABLE_DARK_TOGGLE: false
INDIGO_FOOTER_NAV_LINKS: [{title: \"{{ ID }}\", url: /a}]
MFE_HOST: mfe.example
MFE_SITE_PORT: 8081
MFE_HOST_EXTRA_FILES: true
MFE_SITE_REPOSITORY: https://a.example/site.git
MFE_SITE_VERSION: main
MFE_REMOVE_WEBPACK_BUILD_CACHE: true
MINIO_GATEWAY: azure
MINIO_BUCKET_NAME: bucket
MINIO_QUERYSTRING_AUTH: false
NOTES_HOST: \"n.{{ ID }}.example\"
NOTES_MYSQL_DATABASE: other
";

/// Of an MFE, of one that the new site has, of applications, of an xblock, of what nobody knows, and two with words.
const MOUNTS: &str = "\
MOUNTS:
- /x/frontend-app-learning
- /x/frontend-app-notifications
- /x/frontend-app-nothing
- /x/frontend-site
- /x/course-discovery
- /x/edx-notes-api
- /x/edx-platform
- /x/forum
- /x/xblock-poll
- /x/platform-plugin-thing
- lms,cms:/x/here:/openedx/there
- learning:/x/other:/openedx/app/other
";

/// What plugins set, set by the user instead.
const OVERRIDES: &str = "\
DOCKER_IMAGE_OPENEDX: mine:1
MFE_DOCKER_IMAGE: \"mine-mfe:{{ ID }}\"
ENABLE_PROGRAMS: false
OPENEDX_AWS_ACCESS_KEY: key
OPENEDX_AWS_SECRET_ACCESS_KEY: \"{{ ID }}\"
NOTIFICATIONS_DEFAULT_FROM_EMAIL: a@b.example
MFE_CADDY_DOCKER_IMAGE: caddy:1
MFE_VERSION: \"7\"
MFE_COMMON_VERSION: release/x
INDIGO_VERSION: \"1\"
NOTES_SECRET_KEY: \"{{ ID }}\"
";

/// A plugin in a file that changes what the six offer to be changed.
const MINE: &str = "\
-- plugins/mine.py --
from tutor import hooks
from tutormfe.hooks import EXTERNAL_SCRIPTS, FRONTEND_APPS, FRONTEND_COMPAT_PLUGINS, MFE_APPS, PLUGIN_SLOTS

hooks.Filters.ENV_PATCHES.add_items([
    ('mfe-lms-common-settings', \"MFE_CONFIG['MINE'] = '{{ LMS_HOST }}'\"),
    ('mfe-dockerfile-post-npm-install-mine', 'RUN mine'),
    ('caddyfile', '# mine'),
])

@MFE_APPS.add()
def _apps(apps):
    apps.pop('profile')
    apps['mine'] = {'repository': 'https://a.example/mine.git', 'port': 3001, 'version': 'v{{ ID }}'}
    return apps

@FRONTEND_APPS.add()
def _frontend(apps):
    apps['authn'] = {**apps['authn'], 'enabled': True}
    return apps

PLUGIN_SLOTS.add_items([
    ('all', 'footer_slot', \"{op: PLUGIN_OPERATIONS.Hide, widgetId: 'x'}\"),
    ('learning', 'some_slot', \"{op: '{{ LMS_HOST }}'}\"),
])
FRONTEND_COMPAT_PLUGINS.add_item('mine')
EXTERNAL_SCRIPTS.add_item(('learning', 'external.js'))
";

#[test]
fn each_of_the_six_alone_is_the_same() {
    let alone = |name| Project::of(&[name]);
    let projects: Vec<_> = PLUGINS.into_iter().map(alone).collect();
    all_are_the_same(&projects);
}

#[test]
fn each_of_the_six_alone_with_other_settings_is_the_same() {
    let alone = |name| {
        Project::of(&[name])
            .with(OF_PLUGINS)
            .then(&["config", "save", "-s", "ENABLE_HTTPS=true"])
    };
    let projects: Vec<_> = PLUGINS.into_iter().map(alone).collect();
    all_are_the_same(&projects);
}

#[test]
fn all_six_are_the_same() {
    let all = Project::of(&PLUGINS);
    let projects = [
        all.clone(),
        all.clone().with(HTTPS),
        all.clone().with(ELSEWHERE),
        all.with(OF_PLUGINS),
    ];
    all_are_the_same(&projects);
}

#[test]
fn all_six_with_mounts_and_overrides_are_the_same() {
    let all = Project::of(&PLUGINS);
    let projects = [
        all.clone().with(MOUNTS),
        all.clone().with(OVERRIDES),
        all.clone().with("MOUNTS: [/x/frontend-app-learning]\n"),
        all.with("MOUNTS: [/x/course-discovery, /x/xblock-a]\n"),
    ];
    all_are_the_same(&projects);
}

#[test]
fn subsets_of_the_six_are_the_same() {
    let projects: Vec<_> = SUBSETS
        .into_iter()
        .flat_map(|set| [Project::of(set), Project::of(set).with(MOUNTS)])
        .collect();
    all_are_the_same(&projects);
}

#[test]
fn a_plugin_that_extends_the_six_makes_the_same() {
    let with = |others: &[&'static str]| {
        let mut names = others.to_vec();
        names.push("mine");
        names.sort_unstable();
        Project::of(&names).and_files(MINE)
    };
    let projects = [
        with(&["mfe"]),
        with(&["mfe", "indigo"]),
        with(&PLUGINS),
        with(&PLUGINS).with(MOUNTS),
        with(&["mfe"])
            .then(&["plugins", "disable", "mine"])
            .then(&["plugins", "enable", "mine"]),
    ];
    all_are_the_same(&projects);
}

#[test]
fn saves_after_changes_are_the_same() {
    let all = Project::of(&PLUGINS);
    let projects = [
        all.clone()
            .then(&["config", "save", "-s", "LMS_HOST=b.example"])
            .then(&["config", "save", "-s", "MFE_HOST=elsewhere.example"])
            .then(&["config", "save", "-s", "ENABLE_HTTPS=true"])
            .then(&["config", "save", "-U", "MFE_HOST"]),
        all.clone()
            .then(&["config", "save", "-a", "MOUNTS=/x/frontend-app-learning"])
            .then(&["config", "save", "-a", "MOUNTS=/x/course-discovery"])
            .then(&["config", "save", "-a", "MOUNTS=/x/xblock-a"])
            .then(&["config", "save", "-A", "MOUNTS=/x/frontend-app-learning"]),
        all.clone()
            .then(&["plugins", "disable", "indigo"])
            .then(&["plugins", "disable", "mfe"])
            .then(&["plugins", "enable", "indigo"])
            .then(&["plugins", "enable", "mfe"]),
        all.then(&["config", "save", "-s", "INDIGO_FOOTER_NAV_LINKS=[]"])
            .then(&["config", "save", "-s", "INDIGO_ENABLE_DARK_TOGGLE=false"])
            .then(&["plugins", "disable", "all"])
            .then(&["plugins", "enable", "minio", "forum"]),
    ];
    all_are_the_same(&projects);
}

#[test]
fn what_is_printed_is_the_same() {
    let all = Project::of(&PLUGINS)
        .then(&["config", "printvalue", "MFE_HOST"])
        .then(&["config", "printvalue", "DOCKER_IMAGE_OPENEDX"])
        .then(&["config", "printvalue", "MFE_DOCKER_IMAGE"])
        .then(&["config", "printvalue", "INDIGO_FOOTER_NAV_LINKS"])
        .then(&["config", "patches", "list"])
        .then(&["config", "patches", "show", "caddyfile"])
        .then(&[
            "config",
            "patches",
            "show",
            "mfe-dockerfile-post-npm-install-learning",
        ])
        .then(&["plugins", "list"]);
    all_are_the_same(&[all]);
}
