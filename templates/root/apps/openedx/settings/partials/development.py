{%- import "partials/quote.j2" as quote with context -%}
# No proxy in front: each application answers on a port of its own, without HTTPS.
LMS_BASE = {{ quote.text(LMS_HOST ~ ":8000") }}
LMS_ROOT_URL = "http://" + LMS_BASE
CMS_BASE = {{ quote.text(CMS_HOST ~ ":8001") }}
CMS_ROOT_URL = "http://" + CMS_BASE
{%- if RUN_MEILISEARCH %}
MEILISEARCH_PUBLIC_URL = {{ quote.text("http://" ~ MEILISEARCH_PUBLIC_URL.split("://")[-1] ~ ":7700") }}
{%- endif %}
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SESSION_COOKIE_SAMESITE = "Lax"

WEBPACK_CONFIG_PATH = "webpack.dev.config.js"
