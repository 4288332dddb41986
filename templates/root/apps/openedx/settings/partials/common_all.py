{%- import "partials/quote.j2" as quote with context -%}
{%- from "apps/openedx/settings/partials/jwt.py" import signing_key, public_key with context -%}
# ---- What the LMS and Studio have in common
import json
import os
import warnings
from urllib.parse import quote as _percent_encode

import codejail.jail_code
from xmodule.modulestore.modulestore_settings import update_module_store_settings

# Releases that keep feature flags in a proxy need one that looks at this very module;
# in earlier ones FEATURES is a plain dictionary, and stays it.
try:
    from openedx.core.lib.features_setting_proxy import FeaturesProxy
except ImportError:
    pass
else:
    FEATURES = FeaturesProxy(globals())

# -- Folders
DATA_DIR = "/openedx/data/modulestore"
MEDIA_ROOT = "/openedx/media/"
ORA2_FILEUPLOAD_ROOT = "/openedx/data/ora2"


def _create_folders(*paths):
    for path in paths:
        os.makedirs(path, exist_ok=True)


# -- Courses: MongoDB. Change `mongodb_parameters` to change every connection.
mongodb_parameters = {
    "host": {{ quote.text(MONGODB_HOST) }},
    "port": {{ MONGODB_PORT }},
    "db": {{ quote.text(MONGODB_DATABASE) }},
    "user": {{ quote.text_or_none(MONGODB_USERNAME) }},
    "password": {{ quote.text_or_none(MONGODB_PASSWORD) }},
    "authsource": {{ quote.text_or_none(MONGODB_AUTH_SOURCE) }},
    {%- if MONGODB_AUTH_MECHANISM %}
    "authMechanism": {{ quote.text(MONGODB_AUTH_MECHANISM) }},
    {%- endif %}
    "replicaSet": {{ quote.text_or_none(MONGODB_REPLICA_SET) }},
    "ssl": {{ quote.python_bool(MONGODB_USE_SSL) }},
    # Not before the processes have forked.
    "connect": False,
}
DOC_STORE_CONFIG = mongodb_parameters
CONTENTSTORE = {
    "ENGINE": "xmodule.contentstore.mongo.MongoContentStore",
    "DOC_STORE_CONFIG": DOC_STORE_CONFIG,
    "ADDITIONAL_OPTIONS": {},
}
update_module_store_settings(MODULESTORE, doc_store_settings=DOC_STORE_CONFIG)
for store in MODULESTORE["default"]["OPTIONS"]["stores"]:
    store["OPTIONS"]["fs_root"] = DATA_DIR

# -- Caches and events: Redis
{%- if REDIS_USERNAME or REDIS_PASSWORD %}
_redis_server = "redis://{}:{}@{{ REDIS_HOST }}:{{ REDIS_PORT }}".format(
    _percent_encode({{ quote.text(REDIS_USERNAME) }}, safe=""),
    _percent_encode({{ quote.text(REDIS_PASSWORD) }}, safe=""),
)
{%- else %}
_redis_server = "redis://{{ REDIS_HOST }}:{{ REDIS_PORT }}"
{%- endif %}


def _redis_cache(key_prefix, **options):
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": f"{_redis_server}/{{ OPENEDX_CACHE_REDIS_DB }}",
        "KEY_PREFIX": key_prefix,
        **options,
    }


CACHES = {
    "default": _redis_cache("default", VERSION="1"),
    "general": _redis_cache("general"),
    "configuration": _redis_cache("configuration"),
    "mongo_metadata_inheritance": _redis_cache("mongo_metadata_inheritance", TIMEOUT=5 * 60),
    "course_structure_cache": _redis_cache("course_structure", TIMEOUT=7 * 24 * 60 * 60),
    "celery": _redis_cache("celery", TIMEOUT=2 * 60 * 60),
    "ora2-storage": _redis_cache("ora2-storage"),
    # The names of static files change with the image, so they stay in the process.
    "staticfiles": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "staticfiles_{{ service }}",
        "KEY_PREFIX": "staticfiles_{{ service }}",
    },
}
# A cache that is away costs time, not the request.
DJANGO_REDIS_IGNORE_EXCEPTIONS = True

EVENT_BUS_PRODUCER = "edx_event_bus_redis.create_producer"
EVENT_BUS_CONSUMER = "edx_event_bus_redis.RedisEventConsumer"
EVENT_BUS_REDIS_CONNECTION_URL = f"{_redis_server}/"
EVENT_BUS_TOPIC_PREFIX = "dev"

# -- Search: Meilisearch
SEARCH_ENGINE = "search.meilisearch.MeilisearchEngine"
MEILISEARCH_ENABLED = True
MEILISEARCH_URL = {{ quote.text(MEILISEARCH_URL) }}
MEILISEARCH_PUBLIC_URL = {{ quote.text(MEILISEARCH_PUBLIC_URL) }}
MEILISEARCH_INDEX_PREFIX = {{ quote.text(MEILISEARCH_INDEX_PREFIX) }}
MEILISEARCH_API_KEY = {{ quote.text(MEILISEARCH_API_KEY) }}
MEILISEARCH_MASTER_KEY = {{ quote.text(MEILISEARCH_MASTER_KEY) }}

# -- Uploaded files
VIDEO_IMAGE_SETTINGS["STORAGE_KWARGS"]["location"] = MEDIA_ROOT
VIDEO_TRANSCRIPTS_SETTINGS["STORAGE_KWARGS"]["location"] = MEDIA_ROOT
GRADES_DOWNLOAD = {
    "STORAGE_TYPE": "",
    "STORAGE_KWARGS": {
        "location": os.path.join(MEDIA_ROOT, "grades"),
        "base_url": "/media/grades/",
    },
}
ORA2_FILEUPLOAD_BACKEND = "filesystem"
ORA2_FILEUPLOAD_CACHE_NAME = "ora2-storage"
FILE_UPLOAD_STORAGE_BUCKET_NAME = "openedxuploads"
# Learning content is handed out by the applications only, so it is not below MEDIA_ROOT.
OPENEDX_LEARNING = {
    "MEDIA": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": "/openedx/media-private/openedx-learning"},
    },
}

# -- Mail: every address is the contact address until lms.env.yml or cms.env.yml says otherwise.
for _address in (
    "CONTACT_EMAIL",
    "DEFAULT_FROM_EMAIL",
    "DEFAULT_FEEDBACK_EMAIL",
    "SERVER_EMAIL",
    "TECH_SUPPORT_EMAIL",
    "BUGS_EMAIL",
    "UNIVERSITY_EMAIL",
    "PRESS_EMAIL",
    "PAYMENT_SUPPORT_EMAIL",
    "BULK_EMAIL_DEFAULT_FROM_EMAIL",
    "API_ACCESS_MANAGER_EMAIL",
    "API_ACCESS_FROM_EMAIL",
):
    globals()[_address] = ENV_TOKENS.get(_address, ENV_TOKENS["CONTACT_EMAIL"])
CONTACT_MAILING_ADDRESS = {{ quote.text(PLATFORM_NAME ~ " - " ~ quote.scheme() ~ "://" ~ LMS_HOST) }}
EMAIL_USE_SSL = {{ quote.python_bool(SMTP_USE_SSL) }}
EMAIL_FILE_PATH = "/tmp/openedx/emails"
ACE_ENABLED_CHANNELS = ["django_email"]
ACE_CHANNEL_DEFAULT_EMAIL = "django_email"
ACE_CHANNEL_TRANSACTIONAL_EMAIL = "django_email"

# -- Logs: there is no syslog in a container.
for _handler, _log in (("local", "all.log"), ("tracking", "tracking.log")):
    LOGGING["handlers"][_handler] = {
        "class": "logging.handlers.WatchedFileHandler",
        "filename": os.path.join(LOG_DIR, _log),
        "formatter": "standard",
    }
LOGGING["handlers"]["tracking"]["level"] = "DEBUG"
LOGGING["loggers"]["tracking"]["handlers"] = ["console", "local", "tracking"]
LOGGING["loggers"]["blockstore.apps.bundles.storage"] = {
    "handlers": ["console"],
    "level": "WARNING",
}
# What will change in a Django to come is no news to those who run a site.
import django.utils.deprecation as _deprecation

for _name, _category in vars(_deprecation).items():
    if _name.startswith("RemovedInDjango") and isinstance(_category, type):
        warnings.filterwarnings("ignore", category=_category)
warnings.filterwarnings("ignore", category=DeprecationWarning, module="pgpy.constants")

# -- Site and cookies. Django's first site is "example.com"; the second one is the LMS.
SITE_ID = 2
LANGUAGE_COOKIE_NAME = "openedx-language-preference"
X_FRAME_OPTIONS = "SAMEORIGIN"
{#- Browsers accept SameSite=None, which other sites' frames need, from secure cookies only. #}
SESSION_COOKIE_SECURE = {{ quote.python_bool(ENABLE_HTTPS) }}
CSRF_COOKIE_SECURE = {{ quote.python_bool(ENABLE_HTTPS) }}
SESSION_COOKIE_SAMESITE = "{{ "None" if ENABLE_HTTPS else "Lax" }}"

# Plugins append the addresses of their front ends; allowed headers are the platform's own.
CORS_ORIGIN_WHITELIST = []
CORS_ORIGIN_ALLOW_ALL = False
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_INSECURE = {{ quote.python_bool(not ENABLE_HTTPS) }}
ENABLE_CORS_HEADERS = True

# -- Tokens that the services show each other
JWT_AUTH.update(
    {
        "JWT_ISSUER": {{ quote.text(JWT_COMMON_ISSUER) }},
        "JWT_AUDIENCE": {{ quote.text(JWT_COMMON_AUDIENCE) }},
        "JWT_SECRET_KEY": {{ quote.text(JWT_COMMON_SECRET_KEY) }},
        "JWT_ISSUERS": [
            {
                "ISSUER": {{ quote.text(JWT_COMMON_ISSUER) }},
                "AUDIENCE": {{ quote.text(JWT_COMMON_AUDIENCE) }},
                "SECRET_KEY": {{ quote.text(JWT_COMMON_SECRET_KEY) }},
            }
        ],
        "JWT_PRIVATE_SIGNING_JWK": json.dumps({{ signing_key()|indent(8) }}),
        "JWT_PUBLIC_SIGNING_JWK_SET": json.dumps({"keys": [{{ public_key()|indent(8) }}]}),
    }
)

# -- What a plain site does without
ENABLE_DISCUSSION_SERVICE = False
PREVENT_CONCURRENT_LOGINS = False
# The history of learners' answers in a database of its own
INSTALLED_APPS.remove("lms.djangoapps.coursewarehistoryextended")
DATABASE_ROUTERS.remove(
    "openedx.core.lib.django_courseware_routers.StudentModuleHistoryExtendedRouter"
)
# Authors' Python: without a sandbox to run it in, it must not run at all. The platform asks the
# setting, the library its own configuration: neither may name an interpreter that exists.
CODE_JAIL = {"python_bin": "nonexistingpythonbinary", "user": None}
codejail.jail_code.configure("python", CODE_JAIL["python_bin"], user=CODE_JAIL["user"])

{{ patch("openedx-common-settings") }}
