{%- import "partials/quote.j2" as quote with context -%}
from cms.envs.production import *

{% include "apps/openedx/settings/partials/common_cms.py" %}

# ---- Studio in production
# Browsers know it by its host name, the other containers by its service's.
ALLOWED_HOSTS = [ENV_TOKENS["CMS_BASE"], "cms"]
CORS_ORIGIN_WHITELIST.append({{ quote.text(quote.scheme() ~ "://" ~ CMS_HOST) }})
SOCIAL_AUTH_EDX_OAUTH2_KEY = {{ quote.text(CMS_OAUTH2_KEY_SSO) }}
SOCIAL_AUTH_EDX_OAUTH2_PUBLIC_URL_ROOT = {{ quote.text(quote.scheme() ~ "://" ~ LMS_HOST) }}

{{ patch("openedx-cms-production-settings") }}
