{%- set service = "lms" -%}
{%- import "partials/quote.j2" as quote with context -%}
{% include "apps/openedx/settings/partials/common_all.py" %}

# ---- The LMS, however it is run
# Where a sign-in may lead back to, besides here
LOGIN_REDIRECT_WHITELIST = [{{ quote.text(CMS_HOST) }}]
# The other containers ask for tokens inside the network, where there is no HTTPS.
OAUTH_ENFORCE_SECURE = False
# One sentence with the links replaces the two boxes to tick.
REGISTRATION_EXTRA_FIELDS.update(honor_code="hidden", terms_of_service="hidden")

# A course may stay out of the catalogue, and its page is for those who may see the course.
COURSE_CATALOG_VISIBILITY_PERMISSION = "see_in_catalog"
COURSE_ABOUT_VISIBILITY_PERMISSION = "see_about_page"
SEARCH_SKIP_SHOW_IN_CATALOG_FILTERING = False
ENABLE_COURSE_DISCOVERY = True
ENABLE_COURSEWARE_SEARCH = True
ENABLE_DASHBOARD_SEARCH = True

PROFILE_IMAGE_BACKEND["options"]["location"] = os.path.join(MEDIA_ROOT, "profile-images/")

# Mail shows the site's own logo, and nobody else's applications and networks.
DEFAULT_EMAIL_LOGO_URL = LMS_ROOT_URL + "/theming/asset/images/logo.png"
BULK_EMAIL_SEND_USING_EDX_ACE = True
ENABLE_FOOTER_MOBILE_APP_LINKS = False
MOBILE_STORE_ACE_URLS = {}
SOCIAL_MEDIA_FOOTER_ACE_URLS = {}

_create_folders(DATA_DIR, LOG_DIR, MEDIA_ROOT, STATIC_ROOT, ORA2_FILEUPLOAD_ROOT)

{{ patch("openedx-lms-common-settings") }}
