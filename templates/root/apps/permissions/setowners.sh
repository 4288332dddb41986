#! /bin/sh
# Run by the `permissions` service: one line a user, with the folders that belong to it.
setowner "$OPENEDX_USER_ID"
{%- for folder in ["lms", "cms", "lms-job", "cms-job", "openedx", "openedx-private"] %} /mounts/{{ folder }}{% endfor %}
{%- for folder, user, wanted in [
  ("meilisearch", 1000, RUN_MEILISEARCH),
  ("redis", 1000, RUN_REDIS),
  ("mongodb", 999, RUN_MONGODB),
  ("mysql", 999, RUN_MYSQL),
] if wanted %}
setowner {{ user }} /mounts/{{ folder }}
{%- endfor %}
{{ patch("local-docker-compose-permissions-command") }}
