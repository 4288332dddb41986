{% include "build/openedx/settings/partials/build.py" %}

derive_settings(__name__)

{{ patch("openedx-common-i18n-settings") }}
