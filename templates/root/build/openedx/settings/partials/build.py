# At build time there is neither a configuration nor a database, but the platform wants to see some.
from ..common import *
from openedx.core.lib.derived import derive_settings

SECRET_KEY = "build"
DATABASES = {"default": {}}
XQUEUE_INTERFACE = dict.fromkeys(("django_auth", "url"))
# Other settings derive from it; nothing of it gets into the image.
LMS_ROOT_URL = "https://lms.invalid"
