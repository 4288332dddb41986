{%- import "partials/quote.j2" as quote with context -%}
from lms.envs.production import *

{% include "apps/openedx/settings/partials/common_lms.py" %}

# ---- The LMS in production
# Browsers know it by its host name, the other containers by its service's.
ALLOWED_HOSTS = [ENV_TOKENS["LMS_BASE"], "lms"]
CORS_ORIGIN_WHITELIST.append({{ quote.text(quote.scheme() ~ "://" ~ LMS_HOST) }})
# Who signs out here is signed out of Studio as well.
IDA_LOGOUT_URI_LIST.append({{ quote.text(quote.scheme() ~ "://" ~ CMS_HOST ~ "/logout/") }})
# The start page shows courses whose enrolment has not begun, too.
SEARCH_SKIP_ENROLLMENT_START_DATE_FILTERING = True

{{ patch("openedx-lms-production-settings") }}
