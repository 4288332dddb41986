{%- import "partials/quote.j2" as quote with context -%}
from cms.envs.devstack import *

{% include "apps/openedx/settings/partials/common_cms.py" %}

# ---- Studio in development
{% include "apps/openedx/settings/partials/development.py" %}
SOCIAL_AUTH_EDX_OAUTH2_KEY = {{ quote.text(CMS_OAUTH2_KEY_SSO_DEV) }}
SOCIAL_AUTH_EDX_OAUTH2_PUBLIC_URL_ROOT = LMS_ROOT_URL

{{ patch("openedx-development-settings") }}
{{ patch("openedx-cms-development-settings") }}
