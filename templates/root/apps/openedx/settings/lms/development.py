{%- import "partials/quote.j2" as quote with context -%}
from lms.envs.devstack import *

{% include "apps/openedx/settings/partials/common_lms.py" %}

# ---- The LMS in development
{% include "apps/openedx/settings/partials/development.py" %}
LMS_INTERNAL_ROOT_URL = LMS_ROOT_URL
SITE_NAME = LMS_BASE
SESSION_COOKIE_DOMAIN = {{ quote.text(LMS_HOST) }}
LOGIN_REDIRECT_WHITELIST.append(CMS_BASE)
IDA_LOGOUT_URI_LIST.append(CMS_ROOT_URL + "/logout/")

# Devstack's settings expect the enterprise services, which are not here.
ENABLE_ENTERPRISE_INTEGRATION = False
SYSTEM_WIDE_ROLE_CLASSES.remove("enterprise.SystemWideEnterpriseUserRoleAssignment")

# Sign-in is what goes wrong most often while developing.
LOGGING["loggers"]["oauth2_provider"] = {"handlers": ["console"], "level": "DEBUG"}

{{ patch("openedx-development-settings") }}
{{ patch("openedx-lms-development-settings") }}
