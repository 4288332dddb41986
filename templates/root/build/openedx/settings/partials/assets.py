{% include "build/openedx/settings/partials/build.py" %}

# Themes have assets of their own.
ENABLE_COMPREHENSIVE_THEMING = True

{{ patch("openedx-common-assets-settings") }}

WEBPACK_LOADER["DEFAULT"]["STATS_FILE"] = path(STATIC_ROOT) / "webpack-stats.json"
derive_settings(__name__)
