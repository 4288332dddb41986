//! Which plugins together, with which settings.

use tests::era::{Api, PLUGINS};

use super::saves::{Order, Project, alerts, all_are_the_same};

/// All of API v0 that need no MFE: `ecommerce` names settings of `mfe`.
const WITHOUT_MFE: [&str; 7] = [
    "android",
    "discovery",
    "forum",
    "minio",
    "notes",
    "richie",
    "xqueue",
];

/// The set that issue 5 names. None of API v0 comes after `mfe`, so that Tutor 13.3.1 takes patches in our order.
const WITH_MFE: [&str; 5] = ["android", "discovery", "ecommerce", "forum", "mfe"];

const HTTPS: &str =
    "ENABLE_HTTPS: true\nENABLE_WEB_PROXY: false\nCADDY_HTTP_PORT: 8080\nLMS_HOST: a.example\n";

const ELSEWHERE: &str = "\
RUN_MYSQL: false
RUN_ELASTICSEARCH: false
MYSQL_HOST: db.example
MYSQL_PORT: 3307
ELASTICSEARCH_PORT: 9201
ELASTICSEARCH_SCHEME: https
MONGODB_USERNAME: mongo
MONGODB_PASSWORD: m0ng0
REDIS_PASSWORD: r3d1s
K8S_NAMESPACE: learn
DOCKER_REGISTRY: \"registry.example/\"
PLATFORM_NAME: \"It's 'ours': {here}\"
";

const OF_PLUGINS: &str = "\
ANDROID_ENABLE_RELEASE_MODE: true
ANDROID_APP_HOST: app.example
DISCOVERY_CACHE_REDIS_DB: 7
DISCOVERY_INDEX_OVERRIDES: {a: b}
ECOMMERCE_CURRENCY: EUR
ECOMMERCE_API_TIMEOUT: 9
ECOMMERCE_EXTRA_PIP_REQUIREMENTS: [x-y==1.0, \"git+https://a.example/z.git\"]
ECOMMERCE_ENABLED_PAYMENT_PROCESSORS: [paypal]
ECOMMERCE_EXTRA_PAYMENT_PROCESSOR_CLASSES: [a.b.C]
ECOMMERCE_EXTRA_PAYMENT_PROCESSOR_URLS: {a: a.b}
FORUM_PORT: \"4568\"
MFE_HOST: mfe.example
MFE_MINE_MFE_APP: {name: mine, repository: \"https://a.example/mine\", port: 3001, env: {production: {X: \"{{ ID }}\"}}}
MINIO_GATEWAY: azure
MINIO_BUCKET_NAME: bucket
NOTES_HOST: \"n.{{ ID }}.example\"
RICHIE_RELEASE_VERSION: v2.9.2
XQUEUE_AUTH_USERNAME: me
";

fn names(api: Option<Api>) -> Vec<&'static str> {
    let of = |(_, its): &&(&str, Api)| api.is_none_or(|api| api == *its);
    PLUGINS.iter().filter(of).map(|(name, _)| *name).collect()
}

/// Subsets that nobody has thought of, the same each time.
fn some(plugins: &[&'static str], count: usize) -> Vec<Vec<&'static str>> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut subsets = Vec::new();
    while subsets.len() < count {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let bits = state >> 40;
        let chosen = plugins
            .iter()
            .enumerate()
            .filter(|(at, _)| bits >> at & 1 == 1);
        let chosen: Vec<_> = chosen.map(|(_, name)| *name).collect();
        // `ecommerce` is an error without `mfe`, as another test shows.
        let works = chosen.contains(&"mfe") || !chosen.contains(&"ecommerce");
        if works && chosen.len() > 1 {
            subsets.push(chosen);
        }
    }
    subsets
}

#[test]
fn the_core_alone_renders_the_templates_of_tutor_13_the_same() {
    let none = Project::of(&[]);
    all_are_the_same(
        &[none.clone(), none.clone().with(HTTPS), none.with(ELSEWHERE)],
        Order::V1Last,
    );
}

#[test]
fn each_v0_plugin_alone_renders_the_same() {
    let alone = |name| Project::of(&[name]);
    let projects: Vec<_> = WITHOUT_MFE.into_iter().map(alone).collect();
    all_are_the_same(&projects, Order::V1Last);
}

#[test]
fn a_v0_plugin_that_needs_the_mfe_is_an_error_without_it() {
    let outcome = Project::of(&["ecommerce"]).save(Order::V1Last).unwrap();
    let [real, ours, _] = outcome.answers();
    for (who, answer) in [("real Tutor", real), ("we", ours)] {
        assert_eq!(answer.status, 1, "{who}: {}", answer.stderr);
        assert!(
            answer.stderr.contains("MFE_HOST"),
            "{who}: {}",
            answer.stderr
        );
    }
    assert!(
        ours.stderr.contains("plugin 'ecommerce'"),
        "{}",
        ours.stderr
    );
}

/// They are right, and were before us: whoever uses them has nothing to do about them.
#[test]
fn nothing_is_said_against_any_of_the_ten() {
    let outcome = Project::of(&names(None)).save(Order::ByName).unwrap();
    let [_, ours, again] = outcome.answers();
    for answer in [ours, again] {
        let alerts = alerts(&answer.stderr);
        assert!(alerts.is_empty(), "{}", alerts.join("\n"));
    }
}

#[test]
fn a_save_for_another_version_of_tutor_is_up_to_date_afterwards() {
    let outcome = Project::of(&["minio"]).save(Order::V1Last).unwrap();
    let [_, _, again] = outcome.answers();
    for answer in [again, outcome.look()] {
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        assert!(!answer.stderr.contains("up-to-date"), "{}", answer.stderr);
    }
}

#[test]
fn each_v1_plugin_alone_renders_the_same() {
    let alone = |name| Project::of(&[name]);
    let projects: Vec<_> = names(Some(Api::V1)).into_iter().map(alone).collect();
    all_are_the_same(&projects, Order::V1Last);
}

#[test]
fn each_v0_plugin_alone_with_other_settings_renders_the_same() {
    let alone = |name| Project::of(&[name]).with(OF_PLUGINS);
    let projects: Vec<_> = WITHOUT_MFE.into_iter().map(alone).collect();
    all_are_the_same(&projects, Order::V1Last);
}

#[test]
fn all_v0_plugins_that_need_no_mfe_render_the_same() {
    let all = Project::of(&WITHOUT_MFE);
    let projects = [
        all.clone(),
        all.clone().with(HTTPS),
        all.clone().with(ELSEWHERE),
        all.with(OF_PLUGINS),
    ];
    all_are_the_same(&projects, Order::V1Last);
}

#[test]
fn v0_plugins_with_the_mfe_render_the_same() {
    let all = Project::of(&WITH_MFE);
    let projects = [
        all.clone(),
        all.clone().with(HTTPS),
        all.clone().with(ELSEWHERE),
        all.with(OF_PLUGINS),
    ];
    all_are_the_same(&projects, Order::V1Last);
}

#[test]
fn some_sets_of_v0_plugins_render_the_same() {
    let sets = some(&WITHOUT_MFE, 5);
    let projects: Vec<_> = sets
        .iter()
        .map(|set| Project::of(set).with(HTTPS))
        .collect();
    all_are_the_same(&projects, Order::V1Last);
}

#[test]
fn some_sets_of_all_plugins_render_the_same_with_patches_in_the_order_of_names() {
    let sets = some(&names(None), 5);
    let projects: Vec<_> = sets.iter().map(|set| Project::of(set)).collect();
    all_are_the_same(&projects, Order::ByName);
}

#[test]
fn all_ten_render_the_same_with_patches_in_the_order_of_names() {
    let all = Project::of(&names(None));
    let projects = [
        all.clone(),
        all.clone().with(HTTPS),
        all.clone().with(ELSEWHERE),
        all.with(OF_PLUGINS),
    ];
    all_are_the_same(&projects, Order::ByName);
}
