{%- set service = "cms" -%}
{%- import "partials/quote.j2" as quote with context -%}
{% include "apps/openedx/settings/partials/common_all.py" %}

# ---- Studio, however it is run
STUDIO_NAME = {{ quote.text(PLATFORM_NAME ~ " - Studio") }}
MAX_ASSET_UPLOAD_FILE_SIZE_IN_MB = 100
ENABLE_COURSEWARE_INDEX = True

# Users sign in at the LMS, as an OAuth2 application that the LMS's init task registers.
FRONTEND_LOGIN_URL = LMS_ROOT_URL + "/login"
FRONTEND_REGISTER_URL = LMS_ROOT_URL + "/register"
SOCIAL_AUTH_EDX_OAUTH2_SECRET = {{ quote.text(CMS_OAUTH2_SECRET) }}
SOCIAL_AUTH_EDX_OAUTH2_URL_ROOT = "http://lms:8000"
# The address to come back to already has the right scheme.
SOCIAL_AUTH_REDIRECT_IS_HTTPS = False
# Both sites may share a domain, so their sessions may not share a name.
SESSION_COOKIE_NAME = "studio_session_id"

_create_folders(LOG_DIR, MEDIA_ROOT, STATIC_ROOT, ORA2_FILEUPLOAD_ROOT)

{{ patch("openedx-cms-common-settings") }}
